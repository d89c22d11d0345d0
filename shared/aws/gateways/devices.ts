import {
  CreateUploadCommand,
  DeviceFarmClient,
  GetRunCommand,
  GetUploadCommand,
  ListRunsCommand,
  ScheduleRunCommand,
  StopRunCommand,
  type Run,
  type TestType,
  type UploadType,
} from '@aws-sdk/client-device-farm';
import type { DeviceFarmFile, DeviceGateway, NewRun, RunSeen, UploadSeen } from '../../actions/gateways/device-farm.ts';
import { clientSettings } from '../client-settings.ts';
import { calling } from '../failure.ts';
import { refuseBy } from '../refusal.ts';
import { putFile } from '../put-file.ts';

/** A run is looked for by its name in so many pages: the service lists no run by name. */
const listedPages = 10;

/** AWS Device Farm, for an action. Its ARNs name the region, which is not that of the pipeline but us-west-2 as yet. */
export function openGateway(clientFor: (region: string) => DeviceFarmClient = regionalClients()): DeviceGateway {
  const client = (arn: string): DeviceFarmClient => clientFor(arn.split(':')[3] ?? '');
  return {
    upload: (file, signal) => upload(file, client(file.projectArn), signal),
    seeUpload: (arn) => calling('devicefarm:GetUpload', () => seeUpload(arn, client(arn))),
    schedule: (run) => calling('devicefarm:ScheduleRun', () => schedule(run, client(run.projectArn))),
    findRun: (projectArn, name) => calling('devicefarm:ListRuns', () => findRun(projectArn, name, client(projectArn))),
    seeRun: (arn) =>
      calling('devicefarm:GetRun', async () => {
        const { run } = await client(arn)
          .send(new GetRunCommand({ arn }))
          .catch(refusing(`run ${arn}`));
        return seen(arn, run);
      }),
    stop: (arn) =>
      calling('devicefarm:StopRun', async () => {
        await client(arn)
          .send(new StopRunCommand({ arn }))
          .catch(refusing(`run ${arn}`));
      }),
  };
}

function regionalClients(): (region: string) => DeviceFarmClient {
  const clients = new Map<string, DeviceFarmClient>();
  return (region) => {
    const client = clients.get(region) ?? new DeviceFarmClient({ ...clientSettings, region });
    clients.set(region, client);
    return client;
  };
}

async function upload(
  { projectArn, name, type, content }: DeviceFarmFile,
  client: DeviceFarmClient,
  signal: AbortSignal,
): Promise<string> {
  const { arn, url } = await calling('devicefarm:CreateUpload', async () => {
    const contentType = 'application/octet-stream';
    // The declaration takes a test package and a test spec only with a test type that has one, so the SDK knows the name.
    const command = new CreateUploadCommand({ projectArn, name, type: type as UploadType, contentType });
    const answer = await client.send(command).catch(refusing(`project ${projectArn}`));
    return { arn: answer.upload?.arn ?? '', url: answer.upload?.url ?? '' };
  });
  await putFile({ name, url, content }, signal);
  return arn;
}

async function seeUpload(arn: string, client: DeviceFarmClient): Promise<UploadSeen> {
  const { upload: found } = await client.send(new GetUploadCommand({ arn })).catch(refusing(`upload ${arn}`));
  const reason = found?.message ?? found?.metadata;
  switch (found?.status) {
    case 'SUCCEEDED':
      return { status: 'ready', reason: undefined };
    case 'FAILED':
      return { status: 'refused', reason: `${found.name ?? arn}: ${reason?.slice(0, 1_000) ?? 'no reason given'}` };
    default:
      return { status: 'pending', reason: undefined };
  }
}

async function schedule(run: NewRun, client: DeviceFarmClient): Promise<string> {
  const { projectArn, devicePoolArn, name, appArn, testType, testPackageArn, testSpecArn, deviceMinutes } = run;
  const command = new ScheduleRunCommand({
    ...{ projectArn, devicePoolArn, name, appArn },
    test: {
      type: testType as TestType, // one of the declaration's
      ...(testPackageArn !== undefined && { testPackageArn }),
      ...(testSpecArn !== undefined && { testSpecArn }),
    },
    executionConfiguration: { jobTimeoutMinutes: deviceMinutes },
  });
  const answer = await client.send(command).catch(refusing(`project ${projectArn} or device pool ${devicePoolArn}`));
  return answer.run?.arn ?? '';
}

async function findRun(projectArn: string, name: string, client: DeviceFarmClient): Promise<string | undefined> {
  let nextToken: string | undefined;
  for (let page = 0; page < listedPages; page += 1) {
    const command = new ListRunsCommand({ arn: projectArn, ...(nextToken !== undefined && { nextToken }) });
    const listed = await client.send(command).catch(refusing(`project ${projectArn}`));
    const found = listed.runs?.find((run) => run.name === name);
    if (found?.arn !== undefined) return found.arn;
    nextToken = listed.nextToken;
    if (nextToken === undefined) return undefined;
  }
  return undefined;
}

function seen(arn: string, run: Run | undefined): RunSeen {
  const { total = 0, passed = 0, failed = 0, warned = 0, errored = 0, stopped = 0, skipped = 0 } = run?.counters ?? {};
  return {
    arn,
    hasEnded: run?.status === 'COMPLETED',
    result: (run?.result ?? 'PENDING').toLowerCase(),
    message: run?.message,
    counts: { total, passed, failed, warned, errored, stopped, skipped },
    doneDeviceCount: run?.completedJobs ?? 0,
    deviceCount: run?.totalJobs ?? 0,
  };
}

/** The errors that the API reference lists for these operations. */
function refusing(what: string): (cause: unknown) => never {
  return (cause) =>
    refuseBy(cause, [
      [['NotFoundException'], 'ConfigurationError', `Device Farm has no ${what}; check its ARN`],
      [['ArgumentException'], 'ConfigurationError', `Device Farm takes no such ${what}; check the parameters`],
      [['LimitExceededException'], 'SystemUnavailable', `Device Farm is at a limit for ${what}; try again later`],
      [['ServiceAccountException'], 'PermissionError', 'Device Farm has a problem with this account; see its console'],
      [['AccessDeniedException'], 'PermissionError', `this action's role may not use ${what}; pass its ARN at synth`],
    ]);
}
