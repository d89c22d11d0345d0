import { beforeEach, describe, expect, it } from 'vitest';
import type { DeviceGateway, NewRun, RunSeen, UploadSeen } from '../../../shared/actions/gateways/device-farm.ts';
import { mobileTest as declaration } from '../../../shared/actions/mobile-test/declaration.ts';
import { consoleUrl, judge } from '../../../shared/actions/mobile-test/judge.ts';
import mobileTest from '../../../shared/actions/mobile-test/run.ts';
import { ActionFailed } from '../../../shared/actions/result.ts';
import { actionBench, type ActionBench } from '../../../shared/actions/testing/testing.ts';

const projectArn = 'arn:aws:devicefarm:us-west-2:123456789101:project:p-1';
const devicePoolArn = 'arn:aws:devicefarm:us-west-2::devicepool:d-1';
const runArn = 'arn:aws:devicefarm:us-west-2:123456789101:run:p-1/r-1';
const parameters = {
  ...{ projectArn, devicePoolArn, app: 'build/shop.apk', testType: 'APPIUM_NODE', testPackage: 'tests.zip' },
  timeoutMinutes: 60,
};
const inputs = { App: { 'build/shop.apk': 'app', 'tests.zip': 'tests', 'spec.yml': 'spec' } };
const counts = { total: 3, passed: 3, failed: 0, warned: 0, errored: 0, stopped: 0, skipped: 0 };
const passed: RunSeen = {
  ...{ arn: runArn, hasEnded: true, result: 'passed', message: undefined },
  ...{ counts, doneDeviceCount: 2, deviceCount: 2 },
};

let farm: {
  uploaded: string[];
  uploads: UploadSeen;
  run: RunSeen;
  scheduled: NewRun[];
  stopped: string[];
};
let nowMs: number;
let bench: ActionBench;
beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 5);
  farm = {
    ...{ uploaded: [], scheduled: [], stopped: [], run: passed },
    uploads: { status: 'ready', reason: undefined },
  };
  bench = actionBench(mobileTest, { gateways: { devices }, clock: { nowMs: () => nowMs } });
});

const devices: DeviceGateway = {
  async upload({ name, type, content }) {
    farm.uploaded.push(`${name} ${type} ${Buffer.from(content).toString()}`);
    return `arn:aws:devicefarm:us-west-2:123456789101:upload:p-1/${farm.uploaded.length}`;
  },
  seeUpload: async () => farm.uploads,
  async schedule(run) {
    farm.scheduled.push(run);
    return runArn;
  },
  findRun: async (_project, name) => (farm.scheduled.some((run) => run.name === name) ? runArn : undefined),
  seeRun: async () => farm.run,
  stop: async (arn) => void farm.stopped.push(arn),
};

/** The job's deliveries, one after the other: the bench has nobody who pushes, so each brings the last one's token. */
async function deliver(step: number, extra: object = {}) {
  nowMs += 120_000;
  const { answers } = await bench.deliver({
    ...{ id: `job-${step}`, inputs, parameters: { ...parameters, ...extra } },
    ...(step > 1 && { continuationToken: `v1:job-1:${step - 1}` }),
  });
  expect(answers).toHaveLength(1);
  return answers[0]?.answer;
}

describe('mobile-test', () => {
  it('uploads, schedules one run once the files are taken, and passes its counts and address on', async () => {
    farm.uploads = { status: 'pending', reason: undefined };
    expect(await deliver(1, { testSpec: 'spec.yml' })).toMatchObject({ kind: 'continues' });
    expect(farm.uploaded).toEqual([
      'shop.apk ANDROID_APP app',
      'tests.zip APPIUM_NODE_TEST_PACKAGE tests',
      'spec.yml APPIUM_NODE_TEST_SPEC spec',
    ]);
    expect(await deliver(2, { testSpec: 'spec.yml' })).toMatchObject({ summary: 'Device Farm looks at the files' });
    farm.uploads = { status: 'ready', reason: undefined };
    expect(await deliver(3, { testSpec: 'spec.yml' })).toMatchObject({ summary: expect.stringContaining('scheduled') });
    expect(farm.scheduled).toMatchObject([
      {
        ...{ name: 'slipway-job-1', projectArn, devicePoolArn, testType: 'APPIUM_NODE', deviceMinutes: 60 },
        appArn: expect.stringMatching(/\/1$/),
        testPackageArn: expect.stringMatching(/\/2$/),
        testSpecArn: expect.stringMatching(/\/3$/),
      },
    ]);
    farm.run = { ...passed, hasEnded: false, result: 'pending', doneDeviceCount: 1 };
    expect(await deliver(4, { testSpec: 'spec.yml' })).toMatchObject({
      summary: '1 of 2 devices are done, 3 tests, 3 passed',
      percentComplete: 50,
    });
    farm.run = passed;
    expect(await deliver(5, { testSpec: 'spec.yml' })).toEqual({
      ...{ kind: 'succeeded', externalExecutionId: runArn },
      outputs: {
        ...{ runArn, result: 'passed', url: consoleUrl(runArn) },
        ...{ totalCount: '3', passedCount: '3', failedCount: '0', erroredCount: '0', skippedCount: '0' },
      },
      summary: `3 tests, 3 passed on 2 devices; see ${consoleUrl(runArn)}`,
    });
    expect(farm.scheduled).toHaveLength(1);
  });

  it('schedules no second run when a check died behind the first', async () => {
    await deliver(1);
    farm.scheduled.push({ name: 'slipway-job-1' } as NewRun); // only its name is looked for
    await deliver(2);
    expect(farm.scheduled).toHaveLength(1);
    expect(await deliver(3)).toMatchObject({ kind: 'succeeded' });
  });

  it('fails when Device Farm refuses a file', async () => {
    await deliver(1);
    farm.uploads = { status: 'refused', reason: 'tests.zip: no package.json' };
    expect(await deliver(2)).toMatchObject({
      ...{ kind: 'failed', type: 'ConfigurationError' },
      message: 'Device Farm refused a file: tests.zip: no package.json',
    });
  });

  it('stops a run that takes too long', async () => {
    await deliver(1);
    await deliver(2);
    farm.run = { ...passed, hasEnded: false, result: 'pending' };
    nowMs += 60 * 60_000;
    expect(await deliver(3)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('within 60 minutes; it was stopped'),
    });
    expect(farm.stopped).toEqual([runArn]);
  });

  it('judges a run that has ended although nobody looked in time', async () => {
    await deliver(1);
    await deliver(2);
    nowMs += 60 * 60_000;
    expect(await deliver(3)).toMatchObject({ kind: 'succeeded' });
    expect(farm.stopped).toEqual([]);
  });

  it.each([
    ['a file that the artifact lacks', { app: 'other.apk' }, /holds no other\.apk/],
    ['an app of another kind', { app: 'shop.aab' }, /must end with \.apk or \.ipa/],
    ['a test type without its package', { testPackage: undefined }, /testPackage: is needed by every testType/],
    ['a fuzz test with a package', { testType: 'BUILTIN_FUZZ' }, /BUILTIN_FUZZ, which takes none/],
    ['what is no project', { projectArn: devicePoolArn }, /must be the ARN of a project/],
    ['what is no pool', { devicePoolArn: projectArn }, /must be the ARN of a devicepool/],
    ['more minutes than the service gives', { deviceMinutes: 151 }, /deviceMinutes/],
  ])('refuses %s', async (_what, extra, message) => {
    expect(await deliver(1, extra)).toMatchObject({
      kind: 'failed',
      type: 'ConfigurationError',
      message: expect.stringMatching(message),
    });
    expect(farm.uploaded).toEqual([]);
  });

  it('fails when a check is refused, and looks again when Device Farm is busy', async () => {
    const busy = { ...devices, seeUpload: () => Promise.reject(new ActionFailed('SystemUnavailable', 'at a limit')) };
    const denied = { ...devices, seeUpload: () => Promise.reject(new ActionFailed('PermissionError', 'may not')) };
    const isLookedAtAgain = { kind: 'continues', summary: 'at a limit' };
    const isRefused = { kind: 'failed', type: 'PermissionError' };
    for (const [gateway, answer] of [
      [busy, isLookedAtAgain],
      [denied, isRefused],
    ] as const) {
      const own = actionBench(mobileTest, { gateways: { devices: gateway }, clock: { nowMs: () => nowMs } });
      await own.deliver({ id: 'job-1', inputs, parameters });
      nowMs += 120_000;
      const job = { id: 'job-2', inputs, parameters, continuationToken: 'v1:job-1:1' };
      expect((await own.deliver(job)).answers).toMatchObject([{ answer }]);
    }
  });
});

describe('the cancellation of a mobile test', () => {
  const state = { name: 'slipway-job-1', startedAt: '2026-01-05T00:00:00.000Z', appArn: 'arn' };
  const cancel = (known: object): Promise<void> | undefined =>
    // What cancelling needs of its input.
    mobileTest.cancel?.({ state: { ...state, ...known }, parameters, gateways: { devices } } as never);

  it('stops the run', async () => {
    await cancel({ runArn });
    expect(farm.stopped).toEqual([runArn]);
  });

  it('stops a run that was scheduled and is not known yet, and does nothing without one', async () => {
    await cancel({});
    expect(farm.stopped).toEqual([]);
    farm.scheduled.push({ name: 'slipway-job-1' } as NewRun); // only its name is looked for
    await cancel({});
    expect(farm.stopped).toEqual([runArn]);
  });
});

describe('what a mobile test decides', () => {
  it.each(['failed', 'errored', 'stopped', 'skipped', 'pending', 'something new'])('fails a run that %s', (result) => {
    const run = { ...passed, result, message: 'the app crashed', counts: { ...counts, passed: 2, failed: 1 } };
    expect(judge(run, { failOnWarnings: false })).toMatchObject({
      ...{ kind: 'failed', type: 'JobFailed' },
      message: expect.stringMatching(/: the app crashed; 3 tests, 2 passed, 1 failed on 2 devices; see https:/),
    });
  });

  it('lets warnings pass unless told otherwise', () => {
    const run = { ...passed, result: 'warned' };
    expect(judge(run, { failOnWarnings: false }).kind).toBe('succeeded');
    expect(judge(run, { failOnWarnings: true }).kind).toBe('failed');
  });

  it('grants what is of its project', () => {
    const where = {
      ...{ partition: 'aws', region: 'eu-central-1', account: '123456789012', pipelineArn: 'arn' },
      partOf: (arn: string, index: number) => arn.split(':')[index] ?? '',
    };
    const granted = declaration.permissionsFor?.(declaration.parameters.parse(parameters), where);
    expect(granted?.flatMap(({ resources }) => resources)).toEqual([
      projectArn,
      'arn:aws:devicefarm:us-west-2:123456789101:upload:p-1/*',
      projectArn,
      devicePoolArn,
      'arn:aws:devicefarm:us-west-2:123456789101:upload:p-1/*',
      'arn:aws:devicefarm:us-west-2:123456789101:run:p-1/*',
    ]);
  });
});
