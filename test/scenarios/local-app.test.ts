import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runSlipway, slipwayAnswers } from '../support/slipway-process.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-local-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** Writes what a synth would: one stack with a parameter of this value and a log group. */
function synthesize(value: string): void {
  const app = join(folder, 'cdk.out');
  mkdirSync(app, { recursive: true });
  const template = {
    Resources: {
      Setting: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: '/setting', Value: value } },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'logs' } },
    },
    Outputs: { Setting: { Value: { Ref: 'Setting' } }, Value: { Value: { 'Fn::GetAtt': ['Setting', 'Value'] } } },
  };
  const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'App.json' } };
  writeFileSync(join(app, 'App.json'), JSON.stringify(template));
  writeFileSync(join(app, 'manifest.json'), JSON.stringify({ version: '1.0', artifacts: { App: stack } }));
}

const local = (...more: string[]): string[] => [
  'local',
  '--app',
  folder,
  '--folder',
  join(folder, '.slipway'),
  ...more,
];

it(
  'runs a CDK app, follows its next synth, survives a broken one, and stops in order',
  { timeout: 60_000 },
  async () => {
    synthesize('one');
    await using slipway = runSlipway(local());
    await slipway.line(/^Follows each new synth/);
    expect(slipway.lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^stack App: 2 created/),
        'recorded only (no behaviour locally): AWS::Logs::LogGroup',
        expect.stringMatching(/^The local cloud serves http:\/\/127\.0\.0\.1:\d+$/),
        expect.stringMatching(/export AWS_ENDPOINT_URL=http:.*export AWS_ACCESS_KEY_ID=/),
        'Outputs of App:',
        '  Setting = /setting',
        '  Value = one',
      ]),
    );

    synthesize('two');
    await slipway.line(/^stack App: 1 changed \(Setting\), 1 unchanged$/);
    await slipway.line(/^ {2}Value = two$/);
    writeFileSync(join(folder, 'cdk.out', 'manifest.json'), '{');
    await slipway.line(/^not applied: .*manifest\.json/);
    synthesize('three');
    await slipway.line(/^ {2}Value = three$/);

    slipway.signal('SIGINT');
    expect(await slipway.ended).toBe(130);
    expect(slipway.lines.at(-1)).toMatch(/^Stopped\. Everything is kept/);
  },
);

it('says how to synthesize an app that has no output yet', { timeout: 30_000 }, async () => {
  writeFileSync(join(folder, 'cdk.json'), '{ "app": "node main.ts", "output": "out" }');
  const { exitCode, output } = await slipwayAnswers(local());
  expect(exitCode).toBe(1);
  expect(output).toContain(
    `slipway: the CDK app in ${folder} has no out yet; synthesize it first: (cd ${folder} && npx cdk`,
  );
  expect(output).not.toContain('    at ');
});

it('says that a folder holds no CDK app', { timeout: 30_000 }, async () => {
  const { exitCode, output } = await slipwayAnswers(local());
  expect(exitCode).toBe(1);
  expect(output).toContain(`slipway: no CDK output in ${folder}: it has no manifest.json, no cdk.out and no cdk.json`);
});
