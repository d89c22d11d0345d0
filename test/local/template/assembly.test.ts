import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, it } from 'vitest';
import { readAssembly } from '../../../local/template/assembly.ts';

// CDK's own validation of templates is not what is tested here, and slow.
process.env['CDK_VALIDATION'] = 'false';

function synthesize(build: (app: App, folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-assembly-'));
  const app = new App({ outdir: join(folder, 'cdk.out'), analyticsReporting: false });
  build(app, folder);
  return app.synth().directory;
}

function write(folder: string, files: Record<string, unknown>): string {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
  return folder;
}

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'slipway-assembly-'));

describe('reading what CDK wrote', () => {
  it('[cloudformation.assembly.order] puts stacks after those they depend on and finds file assets', () => {
    const out = synthesize((app, folder) => {
      const engine = new Stack(app, 'Engine');
      const data = new Stack(app, 'Data', { stackName: 'the-data' });
      const parameter = new StringParameter(data, 'P', { stringValue: 'x' });
      new CfnOutput(engine, 'Name', { value: parameter.parameterName });
      writeFileSync(join(folder, 'a.txt'), 'hello');
      new Asset(engine, 'Asset', { path: join(folder, 'a.txt') });
    });
    const assembly = readAssembly(out);
    expect(assembly.stacks.map(({ name }) => name)).toEqual(['the-data', 'Engine']);
    const asset = assembly.assets.find(({ path }) => path.endsWith('.txt'));
    expect(asset?.bucket).toBe('cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}');
    expect(assembly.environment).toEqual({});
  });

  it('takes account and region from stacks that name them', () => {
    const env = { account: '210987654321', region: 'eu-west-1' };
    const out = synthesize((app) => void new Stack(app, 'Data', { env }));
    expect(readAssembly(out).environment).toEqual(env);
  });

  it('refuses stacks in two regions', () => {
    const out = synthesize((app) => {
      new Stack(app, 'One', { env: { account: '210987654321', region: 'eu-west-1' } });
      new Stack(app, 'Two', { env: { account: '210987654321', region: 'eu-west-2' } });
    });
    expect(() => readAssembly(out)).toThrow('more than one region (eu-west-1, eu-west-2)');
  });

  it('says what to do when the folder is no CDK output', () => {
    expect(() => readAssembly(emptyFolder())).toThrow('manifest.json is missing; run "cdk synth" first');
  });

  it('names the file that is broken', () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'manifest.json'), '{');
    expect(() => readAssembly(folder)).toThrow(/manifest\.json cannot be read: .*; synthesize the app again/);
  });

  it('refuses image assets by name', () => {
    const folder = write(emptyFolder(), {
      'manifest.json': {
        artifacts: { 'A.assets': { type: 'cdk:asset-manifest', properties: { file: 'A.assets.json' } } },
      },
      'A.assets.json': { files: {}, dockerImages: { abc: { displayName: 'Worker/Image' } } },
    });
    expect(() => readAssembly(folder)).toThrow('the image asset Worker/Image is not supported locally');
  });

  it('refuses a transform', () => {
    const folder = write(emptyFolder(), {
      'manifest.json': {
        artifacts: { A: { type: 'aws:cloudformation:stack', properties: { templateFile: 'A.json' } } },
      },
      'A.json': { Transform: 'AWS::Serverless-2016-10-31' },
    });
    expect(() => readAssembly(folder)).toThrow('stack A: the transform "AWS::Serverless-2016-10-31"');
  });
});
