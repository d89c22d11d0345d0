import {
  CodePipelineClient,
  paginateListActionExecutions,
  paginateListPipelineExecutions,
} from '@aws-sdk/client-codepipeline';
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it, vi } from 'vitest';
import { apiClient } from '../../cli/api-client.ts';
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
import { pageWith } from '../support/pages.ts';
import { functionLog, readLog } from '../support/records.ts';
import { runCommand, type SlipwayProcess } from '../support/slipway-process.ts';

const npmStart = (folder: string, ...args: string[]): string[] => [
  'npm',
  'start',
  '--',
  '--folder',
  folder,
  '--ask',
  '--speed',
  '5',
  ...args,
];

describe.concurrent('a release whose whole process group was killed', { timeout: 120_000 }, () => {
  it('during its long job is finished once by the next start', async () => {
    using folder = freshFolder();
    const releaseId = await startAndKill(npmStart(folder.path), async (started, installation, id) => {
      await approve(installation, id);
      await started.line(/smoke-test \d+ %/);
    });

    await finishOnce(folder.path, releaseId);
  });

  it('while the function of an action ran is finished once by the next start', async () => {
    using folder = freshFolder();
    // Large enough for the scan to take a while.
    const page = pageWith(folder.path, { 'data.js': 'const nothing = "to see here";\n'.repeat(500_000) });
    const releaseId = await startAndKill(npmStart(folder.path, '--source', page), async (_, installation, id) => {
      const api = apiClient({ url: installation.apiUrl, token: installation.token });
      await vi.waitUntil(async () => JSON.stringify(await api.timeline(id, 0))?.includes('scanning'), {
        timeout: 30_000,
        // The API allows 20 requests a second, and the started command looks too.
        interval: 150,
      });
    });

    await finishOnce(folder.path, releaseId);
  });
});

/** Starts a release, and kills everything as soon as `comes` says so. */
async function startAndKill(
  command: readonly string[],
  comes: (started: SlipwayProcess, installation: Installation, releaseId: string) => Promise<void>,
): Promise<string> {
  await using started = runCommand(command);
  const installation = await readBanner(started);
  const releaseId = await demoReleaseOf(started);
  await comes(started, installation, releaseId);
  started.signal('SIGKILL');
  expect(await started.ended).toBe('SIGKILL');
  expect(started.lines.join('\n')).not.toContain('Verify/Smoke succeeded');
  return releaseId;
}

/** Starts again, and looks for anything that is missing, doubled or broken once the release has succeeded. */
async function finishOnce(folder: string, releaseId: string): Promise<void> {
  await using again = runCommand(npmStart(folder));
  const installation = await readBanner(again);
  await again.line(new RegExp(`Going on with ${releaseId}`));
  const { release } = await untilRelease(
    installation,
    releaseId,
    ({ status }) => status === 'succeeded' || status === 'awaiting-approval',
  );
  if (release.status === 'awaiting-approval') await approve(installation, releaseId);
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
  const answered = functionLog(folder, 'ActionsRun').filter(({ message }) => message === 'job answered');
  expect(new Set(answered.map(({ jobId }) => jobId)).size).toBe(answered.length);
  expect(answered.map(({ outcome }) => outcome)).toEqual(answered.map(() => 'taken'));
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
