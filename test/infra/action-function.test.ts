import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlesContext } from '../../infra/bundle.ts';
import { bundleOwnAction } from '../../infra/bundling/own-action.ts';
import { ActionFunction, Slipway } from '../../infra/public.ts';
import { printLabels } from '../support/own-actions/print-labels.ts';
import { emptyBundles, ofType, type Resources } from './synthesized.ts';

// CDK's own validation of templates is not what is tested here, and slow.
process.env['CDK_VALIDATION'] = 'false';

const bundles = emptyBundles();
const folder = mkdtempSync(join(tmpdir(), 'slipway-own-'));
afterAll(() => {
  for (const made of [bundles, folder]) rmSync(made, { recursive: true });
});

const app = new App({ context: { [bundlesContext]: bundles }, analyticsReporting: false });
const slipway = new Slipway(app, 'Slipway');
const withoutAction = join(folder, 'without-action.ts');
writeFileSync(withoutAction, 'export const action = 1;');
const entry = new URL('../support/own-actions/print-labels.ts', import.meta.url);

describe('the function of an own action', () => {
  let own: Resources;
  let engine: Resources;
  beforeAll(() => {
    const stack = new Stack(app, 'Labels');
    new ActionFunction(stack, 'PrintLabels', { slipway, declaration: printLabels, entry });
    const assembly = app.synth();
    own = assembly.getStackByName('Labels').template.Resources;
    engine = assembly.getStackByName('Slipway-Engine').template.Resources;
  });

  it('is what the declaration says, in the stack of its user', () => {
    const [[, made] = []] = ofType(own, 'AWS::Lambda::Function');
    expect(made?.Properties).toMatchObject({
      Description: 'Action print-labels: Has a printer print labels.',
      Timeout: printLabels.timeoutSeconds,
      MemorySize: printLabels.memoryMegabytes,
      Environment: { Variables: { SLIPWAY_TABLE: expect.anything(), SLIPWAY_JOB_MACHINE_ARN: expect.anything() } },
    });
  });

  it('may do what the same action of the library may, and its declaration grants', () => {
    const actionsOf = (resources: Resources, part: string): string[] =>
      ofType(resources, 'AWS::IAM::Role')
        .filter(([id]) => id.includes(part))
        .flatMap(([, role]) => role.Properties['Policies'])
        .flatMap(({ PolicyDocument: document }) => document.Statement)
        .flatMap(({ Action: action }: { Action: string | string[] }) => action)
        .toSorted();
    expect(actionsOf(own, 'PrintLabels').length).toBeGreaterThan(8);
    expect(actionsOf(own, 'PrintLabels')).toEqual(actionsOf(engine, 'ActionsRunRunWorkflow'));
  });

  it('is answered for when it dies, and rings', () => {
    const [[, config] = []] = ofType(own, 'AWS::Lambda::EventInvokeConfig');
    expect(JSON.stringify(config?.Properties['DestinationConfig'].OnFailure)).toContain('ActionsAnswer');
    expect(ofType(own, 'AWS::CloudWatch::Alarm')).toHaveLength(2);
  });

  it('may be called by the workflow of long jobs, and the engine does not know it', () => {
    const policies = ofType(own, 'AWS::IAM::Policy').filter(([id]) => id.includes('LetJobWorkflowCall'));
    expect(policies).toHaveLength(1);
    expect(JSON.stringify(policies)).toContain('lambda:InvokeFunction');
    expect(JSON.stringify(engine)).not.toContain('Labels');
  });

  it('breaks no rule of AWS Solutions', () => {
    const found = new AwsSolutionsChecks(app)
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath = '' }) => `${ruleName} ${constructPath}`),
      );
    expect(found.filter((finding) => finding.includes('Labels'))).toEqual([]);
  });

  it.each([
    ['is not there', './no-such-action.ts', /print-labels: there is no file .*no-such-action\.ts; name the module/],
    ['exports no action', withoutAction, /can't be bundled: [^]*"default"/],
  ])('is refused when its entry %s', (_, wrong, problem) => {
    const stack = new Stack(app, `Wrong${String(wrong).length}`);
    expect(() => new ActionFunction(stack, 'PrintLabels', { slipway, declaration: printLabels, entry: wrong })).toThrow(
      problem,
    );
  });
});

describe('the bundle of an own action', () => {
  const parts = {
    inputArtifacts: { min: 0, max: 0 },
    outputArtifacts: { min: 0, max: 0 },
    gateways: [],
    mayWait: false,
  };
  const bundleOf = async (text: string): Promise<string> => {
    const module = join(folder, `${text.length}.ts`);
    writeFileSync(module, text);
    await bundleOwnAction({ entry: module, parts, outdir: join(folder, 'out') });
    return readFileSync(join(folder, 'out', 'index.js'), 'utf8');
  };
  const action = `import { declareAction, implementAction, succeed } from 'slipway/actions';
    const made = declareAction({ id: 'own', description: 'Own.', parameters: {} as never, outputs: [] });
    export default implementAction(made, async () => succeed({ outputs: {}, summary: 'done' }));`;

  it('is as small as those of the library', async () => {
    expect((await bundleOf(action)).length).toBeLessThan(300_000);
  });

  it('holds packages of its own as they are, of which Slipway leaves parts out for itself', async () => {
    const logging = `import createDebug from '${import.meta.resolve('debug').replace('file://', '')}';
      createDebug('own').extend('more');\n${action}`;
    await bundleOf(logging);
    expect(() => createRequire(import.meta.url)(join(folder, 'out', 'index.js'))).not.toThrow(/extend/);
  });

  it('holds the SDK whole when the action calls it itself', async () => {
    const small = await bundleOf(action);
    const calling = `import { S3Client } from '${import.meta.resolve('@aws-sdk/client-s3').replace('file://', '')}';
      export const s3 = new S3Client();\n${action}`;
    const whole = await bundleOf(calling);
    expect(small).toContain("Slipway's bundles leave out");
    expect(whole).not.toContain("Slipway's bundles leave out");
  });
});
