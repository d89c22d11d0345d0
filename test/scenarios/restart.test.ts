import {
  CodePipelineClient,
  paginateListActionExecutions,
  paginateListPipelineExecutions,
} from '@aws-sdk/client-codepipeline';
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { findBrokenLink } from '../../shared/state/event-log.ts';
import { collect } from '../support/collect.ts';
import {
  approve,
  demoReleaseOf,
  freshFolder,
  readBanner,
  untilRelease,
  type Installation,
} from '../support/installation.ts';
import { functionLog, readLog } from '../support/records.ts';
import { runCommand } from '../support/slipway-process.ts';

it(
  'finishes a release once after the whole process group was killed during its long job',
  { timeout: 120_000 },
  async () => {
    using folder = freshFolder();
    const command = ['npm', 'start', '--', '--folder', folder.path, '--ask', '--speed', '5'];
    const releaseId = await startAndKill(command);

    await using again = runCommand(command);
    const installation = await readBanner(again);
    await again.line(new RegExp(`Going on with ${releaseId}`));
    await untilRelease(installation, releaseId, ({ status }) => status === 'succeeded');
    await again.line(/Serving on/);

    const log = await readLog(installation, releaseId);
    expect(findBrokenLink(log)).toBeUndefined();
    expect(new Set(log.map(({ event }) => event.id)).size).toBe(log.length);
    expect(log.filter(({ event }) => event.type === 'release.succeeded')).toHaveLength(1);
    expect(await executionsOf(installation)).toEqual({ pipeline: ['Succeeded'], workflow: ['SUCCEEDED'] });
    expect(await actionsOf(installation)).toEqual([
      'Approve Succeeded',
      'Secrets Succeeded',
      'Site Succeeded',
      'Smoke Succeeded',
      'Source Succeeded',
    ]);
    const answered = functionLog(folder.path, 'ActionsRun').filter(({ message }) => message === 'job answered');
    expect(new Set(answered.map(({ jobId }) => jobId)).size).toBe(answered.length);
    expect(answered.map(({ outcome }) => outcome)).toEqual(answered.map(() => 'taken'));
  },
);

/** Starts a release, and kills everything while its long job waits to be continued. */
async function startAndKill(command: readonly string[]): Promise<string> {
  await using started = runCommand(command);
  const installation = await readBanner(started);
  const releaseId = await demoReleaseOf(started);
  await approve(installation, releaseId);
  await started.line(/smoke-test \d+ %/);
  started.signal('SIGKILL');
  expect(await started.ended).toBe('SIGKILL');
  expect(started.lines.join('\n')).not.toContain('Verify/Smoke succeeded');
  return releaseId;
}

async function executionsOf({ aws }: Installation): Promise<{ pipeline: unknown[]; workflow: unknown[] }> {
  const client = new CodePipelineClient(aws);
  const pages = await collect(paginateListPipelineExecutions({ client }, { pipelineName: 'checkout' }));
  const workflows = new SFNClient(aws);
  const { stateMachines = [] } = await workflows.send(new ListStateMachinesCommand({}));
  const { executions = [] } = await workflows.send(
    new ListExecutionsCommand({ stateMachineArn: stateMachines[0]?.stateMachineArn }),
  );
  return {
    pipeline: pages.flatMap(({ pipelineExecutionSummaries = [] }) =>
      pipelineExecutionSummaries.map(({ status }) => status),
    ),
    workflow: executions.map(({ status }) => status),
  };
}

async function actionsOf({ aws }: Installation): Promise<string[]> {
  const client = new CodePipelineClient(aws);
  const pages = await collect(paginateListActionExecutions({ client }, { pipelineName: 'checkout' }));
  return pages
    .flatMap(({ actionExecutionDetails = [] }) => actionExecutionDetails)
    .map(({ actionName, status }) => `${actionName} ${status}`)
    .sort();
}
