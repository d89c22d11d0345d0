import { SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { updateTicket, type PipelineActionProps } from '../../../infra/public.ts';
import { actionPipeline, pipelineName, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { fakeTracker } from '../../support/fake-trackers.ts';
import { giveRelease } from '../../support/give-release.ts';
import { webServer, type WebServer } from '../../support/web-server.ts';

type TicketParameters = PipelineActionProps<typeof updateTicket>['parameters'];

const tracker = fakeTracker('jira', { ticketCount: 2 });

let server: WebServer;
let pipeline: ActionPipeline;
beforeAll(async () => {
  server = await webServer((request) => tracker.reply(request));
  const jira = { provider: 'jira', url: server.url, secret: 'jira-token' } as const;
  pipeline = await actionPipeline({
    actions: ['update-ticket'],
    stage: ({ slipway, stack }) => {
      // An example, which opens nothing.
      const value = SecretValue.unsafePlainText('{"email":"bot@example.com","token":"t-1"}');
      new Secret(stack, 'Token', { secretName: 'jira-token', secretStringValue: value });
      const tell: TicketParameters = {
        ...jira,
        comment: '{{requestedBy}} releases {{service}}',
        transition: 'Done',
        attachSummary: true,
      };
      const actions: Record<string, TicketParameters> = {
        Mentioned: tell,
        Created: { ...jira, project: 'NEW', create: { title: 'Release {{service}} {{shortCommit}}' } },
        Missing: { ...jira, tickets: ['OPS-404'], comment: 'x' },
        Refused: { ...jira, secret: 'no-such-secret', comment: 'x' },
      };
      return Object.entries(actions).map(([actionName, parameters]) =>
        slipway.action(updateTicket, { ...place, actionName, parameters }),
      );
    },
  });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await server.close();
});

describe('update-ticket in a pipeline', () => {
  let execution: string;
  beforeAll(async () => {
    execution = await pipeline.start({ 'README.md': 'acting' }, { summary: 'OPS-2: mend the checkout' });
    await giveRelease(pipeline.cloud, execution);
  });

  it('tells the ticket that the commit mentions about the release', async () => {
    expect(await pipeline.untilEnded(execution, 'Mentioned', '5s')).toMatchObject({
      status: 'Succeeded',
      summary: 'updated OPS-2',
      outputs: { tickets: 'OPS-2', urls: `${server.url}/browse/OPS-2` },
    });
    const [untouched, ticket] = tracker.tickets;
    expect(untouched).toMatchObject({ status: 'open', comments: [], files: [] });
    expect(ticket?.status).toBe('Done');
    expect(ticket?.comments[0]).toContain('github/octocat releases checkout');
    expect(ticket?.files[0]).toContain('- Requested by: github/octocat');
    expect(server.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('bot@example.com:t-1').toString('base64')}`,
    );
  });

  it('makes a ticket where none is mentioned in its project', async () => {
    expect(await pipeline.untilEnded(execution, 'Created', '5s')).toMatchObject({
      status: 'Succeeded',
      outputs: { created: 'OPS-3' },
    });
    expect(JSON.stringify(tracker.tickets[2]?.created)).toContain('Release checkout cccccccc');
  });

  it('fails for a ticket that is not there, and for a secret that is not', async () => {
    expect(await pipeline.untilEnded(execution, 'Missing', '5s')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringContaining('no ticket OPS-404') },
    });
    expect(await pipeline.untilEnded(execution, 'Refused', '5s')).toMatchObject({
      status: 'Failed',
      // The grant names secrets that exist: the answer is that of one which may not be read.
      error: { code: 'PermissionError', message: expect.stringContaining('no-such-secret, or there is none') },
    });
  });

  it('does nothing twice when the stage is retried with all its actions', async () => {
    const before = tracker.changes.length;
    const requestCount = server.requests.length;
    await pipeline.cloud.call('codepipeline', 'RetryStageExecution', {
      pipelineName,
      stageName: place.stageName,
      pipelineExecutionId: execution,
      retryMode: 'ALL_ACTIONS',
    });
    await pipeline.cloud.advance('1m');
    expect(await statusesOf(execution, 'Mentioned')).toEqual(['Succeeded', 'Succeeded']);
    expect(server.requests.length, 'it ran').toBeGreaterThan(requestCount);
    expect(tracker.changes.length - before).toBe(0);
  });

  it('tells the tickets of the execution that did not get through, with those of the next one', async () => {
    const next = await pipeline.start({ 'README.md': 'acting again' }, { summary: 'OPS-1: mend the basket' });
    expect(await pipeline.untilEnded(next, 'Mentioned', '5s')).toMatchObject({
      status: 'Succeeded',
      outputs: { tickets: 'OPS-1, OPS-2' },
    });
  });
});

async function statusesOf(pipelineExecutionId: string, action: string): Promise<string[]> {
  const { actionExecutionDetails: details } = z
    .object({ actionExecutionDetails: z.array(z.object({ actionName: z.string(), status: z.string() })) })
    .parse(
      await pipeline.cloud.call('codepipeline', 'ListActionExecutions', {
        pipelineName,
        filter: { pipelineExecutionId },
      }),
    );
  return details.filter(({ actionName }) => actionName === action).map(({ status }) => status);
}
