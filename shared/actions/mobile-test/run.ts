import { nowAt } from '../../clock.ts';
import { implementAction, type ActionInput, type LongJobInput } from '../action.ts';
import { ActionFailed, fail, startJob, stillRunning } from '../result.ts';
import { mobileTest } from './declaration.ts';
import { filesOfRun, type NamedFile } from './files.ts';
import { describe, judge } from './judge.ts';

/** A look costs one call; a run takes minutes at the least. */
const checks = { firstSeconds: 15, backoffRate: 1.3, maxSeconds: 60 };

type Checked = LongJobInput<typeof mobileTest>;

export default implementAction(
  mobileTest,
  async (input) => {
    const { parameters, artifacts, jobId, clock } = input;
    const { app, testPackage, testSpec } = filesOfRun(await artifacts.read(), parameters);
    const appArn = await upload(app, input);
    const testPackageArn = testPackage && (await upload(testPackage, input));
    const testSpecArn = testSpec && (await upload(testSpec, input));
    return startJob(
      {
        ...{ name: `slipway-${jobId}`, startedAt: nowAt(clock), appArn },
        ...(testPackageArn !== undefined && { testPackageArn }),
        ...(testSpecArn !== undefined && { testSpecArn }),
      },
      { until: { checks }, summary: `${app.name} is uploaded to Device Farm, which looks at it` },
    );
  },
  {
    async check(input) {
      const { state } = input;
      if (isOver(input)) return giveUp(input);
      if (state.runArn === undefined) return schedule(input);
      const run = await input.gateways.devices.seeRun(state.runArn);
      if (run.hasEnded) return judge(run, input.parameters);
      const { doneDeviceCount, deviceCount, counts } = run;
      return stillRunning({
        summary: `${doneDeviceCount} of ${deviceCount} devices are done, ${describe(counts)}`,
        percentComplete: deviceCount === 0 ? 0 : (100 * doneDeviceCount) / deviceCount,
      });
    },
    async cancel(input) {
      const runArn = await findRun(input);
      if (runArn !== undefined) await input.gateways.devices.stop(runArn);
    },
  },
);

function upload(
  file: NamedFile,
  { parameters: { projectArn }, gateways, signal }: ActionInput<typeof mobileTest>,
): Promise<string> {
  return gateways.devices.upload({ ...file, projectArn }, signal);
}

/** Schedules the run once Device Farm has taken every file. A check is made again after a death, so it is looked for first. */
async function schedule({ state, parameters, gateways: { devices } }: Checked) {
  const arns = [state.appArn, state.testPackageArn, state.testSpecArn].filter((arn) => arn !== undefined);
  const uploads = await Promise.all(arns.map((arn) => devices.seeUpload(arn)));
  const refused = uploads.find(({ status }) => status === 'refused');
  if (refused)
    throw new ActionFailed('ConfigurationError', `Device Farm refused a file: ${refused.reason ?? 'no reason given'}`);
  if (uploads.some(({ status }) => status === 'pending'))
    return stillRunning({ summary: 'Device Farm looks at the files' });
  const { projectArn, devicePoolArn, testType, deviceMinutes } = parameters;
  const { name, appArn, testPackageArn, testSpecArn } = state;
  const runArn =
    (await devices.findRun(projectArn, name)) ??
    (await devices.schedule({
      ...{ projectArn, devicePoolArn, name, appArn, testType, deviceMinutes },
      ...{ testPackageArn, testSpecArn },
    }));
  return stillRunning({
    state: { ...state, runArn },
    summary: 'the run is scheduled on Device Farm',
    externalExecutionId: runArn,
  });
}

function isOver({ state: { startedAt }, parameters: { timeoutMinutes }, clock }: Checked): boolean {
  return clock.nowMs() - Date.parse(startedAt) >= timeoutMinutes * 60_000;
}

/** A run that has ended in the meantime is judged all the same. */
async function giveUp(input: Checked) {
  const { devices } = input.gateways;
  const runArn = await findRun(input);
  const run = runArn === undefined ? undefined : await devices.seeRun(runArn);
  if (run?.hasEnded) return judge(run, input.parameters);
  if (run) await devices.stop(run.arn);
  const { timeoutMinutes } = input.parameters;
  return fail('JobFailed', `the run on Device Farm did not end within ${timeoutMinutes} minutes; it was stopped`);
}

async function findRun({ state, parameters, gateways }: Checked): Promise<string | undefined> {
  return state.runArn ?? gateways.devices.findRun(parameters.projectArn, state.name);
}
