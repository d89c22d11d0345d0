import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  approvalAction,
  create,
  execution,
  pipelineCloud,
  pipelineOf,
  putSource,
  refusal,
  start,
  state,
} from './fixture.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:people';
const minuteMs = 60_000;

let cloud: TestCloud;
let published: { TopicArn: string; Subject: string; Message: string }[];
beforeEach(async () => {
  cloud = await pipelineCloud();
  published = [];
  cloud.answer('sns', 'Publish', (input: (typeof published)[number]) => {
    published.push(input);
    return { MessageId: 'm' };
  });
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

async function started(changes: Parameters<typeof approvalAction>[1] = {}): Promise<string> {
  await create(cloud, pipelineOf({ Approve: [approvalAction('Ask', changes)] }));
  return start(cloud);
}

async function token(): Promise<string> {
  return (await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token ?? 'none';
}

async function answer(input: {
  token: string;
  status: string;
  summary?: string;
  stageName?: string;
  actionName?: string;
}) {
  const { status, summary = 'fine', ...place } = input;
  const request = { pipelineName: 'checkout', stageName: 'Approve', actionName: 'Ask', ...place };
  const output = await cloud.call('codepipeline', 'PutApprovalResult', { ...request, result: { status, summary } });
  await cloud.timers.settled();
  return output;
}

const failure = async (id: string) => (await action(cloud, id, 'Ask')).output?.executionResult?.errorDetails;

describe('a manual approval', () => {
  it('[codepipeline.approvals.approved] [codepipeline.approvals.token] goes on when it is approved, and says by whom', async () => {
    const id = await started();
    const before = await token();
    expect(before).toMatch(/^[0-9a-f-]{36}$/);
    expect((await action(cloud, id, 'Ask')).output?.executionResult?.externalExecutionId).toBe(before);
    expect(await answer({ token: before, status: 'Approved', summary: 'ship it' })).toEqual({
      approvedAt: new Date(cloud.clock.nowMs()),
    });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
    expect((await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.latestExecution).toMatchObject({
      status: 'Succeeded',
      summary: 'ship it',
      lastUpdatedBy: 'arn:aws:iam::123456789012:user/local',
    });
    expect(await token()).toBe('none');
  });

  it('[codepipeline.approvals.rejected] fails when it is rejected', async () => {
    const id = await started();
    await answer({ token: await token(), status: 'Rejected', summary: 'not on a Friday' });
    expect(await failure(id)).toMatchObject({ message: 'not on a Friday' });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
  });

  it('[codepipeline.approvals.token-kept] never tells its token in an event', async () => {
    await started();
    const secret = await token();
    await answer({ token: secret, status: 'Approved' });
    expect(JSON.stringify(cloud.delivered)).not.toContain(secret);
  });

  it('[codepipeline.approvals.timeout] fails after seven days without an answer, or after the minutes that it names', async () => {
    const id = await started();
    await cloud.advance(7 * 24 * 60 * minuteMs - 1);
    expect(await failure(id)).toBeUndefined();
    const old = await token();
    await cloud.advance(1);
    expect(await failure(id)).toMatchObject({ message: 'The approval request was not answered within 10080 minutes' });
    expect(await refusal(answer({ token: old, status: 'Approved' }))).toMatch(/^InvalidApprovalTokenException/);
    await cloud.call('codepipeline', 'UpdatePipeline', {
      pipeline: pipelineOf({ Approve: [approvalAction('Ask', { timeoutInMinutes: 5 })] }),
    });
    const short = await start(cloud);
    await cloud.advance(5 * minuteMs);
    expect(await execution(cloud, short)).toMatchObject({ status: 'Failed' });
  });

  it('[codepipeline.approvals.notification] asks on its topic, as the pipeline’s role, with the documented message', async () => {
    const CustomData = 'version 1 of #{codepipeline.PipelineExecutionId}';
    const id = await started({
      configuration: { NotificationArn: topic, CustomData, ExternalEntityLink: 'https://example.com' },
    });
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      TopicArn: topic,
      Subject: 'APPROVAL NEEDED: AWS CodePipeline checkout for action Ask',
    });
    const consoleLink = 'https://console.aws.amazon.com/codepipeline/home?region=us-east-1#/view/checkout';
    expect(JSON.parse(published[0]?.Message ?? '')).toEqual({
      region: 'us-east-1',
      consoleLink,
      approval: {
        pipelineName: 'checkout',
        stageName: 'Approve',
        actionName: 'Ask',
        token: await token(),
        expires: '2026-01-12T09:00Z',
        externalEntityLink: 'https://example.com',
        approvalReviewLink: `${consoleLink}/Approve/Ask/approve/${await token()}`,
        customData: `version 1 of ${id}`,
      },
    });
  });

  it('[codepipeline.approvals.topic-unreachable] fails when its topic cannot be reached', async () => {
    cloud.answer('sns', 'Publish', () => {
      throw new AwsError('NotFoundException', 'Topic does not exist', { httpStatus: 404 });
    });
    const id = await started({ configuration: { NotificationArn: topic } });
    expect(await failure(id)).toMatchObject({ code: 'ConfigurationError', message: expect.stringContaining(topic) });
  });
});

describe('PutApprovalResult', () => {
  it('[codepipeline.approvals.once] takes one answer', async () => {
    await started();
    const once = await token();
    await answer({ token: once, status: 'Approved' });
    expect(await refusal(answer({ token: once, status: 'Rejected' }))).toMatch(/^ApprovalAlreadyCompletedException/);
  });

  const unknown = '11111111-1111-1111-1111-111111111111';
  it.each([
    [
      '[codepipeline.approvals.unknown-token] a token that nobody issued',
      { token: unknown, status: 'Approved' },
      /^InvalidApprovalTokenException/,
    ],
    [
      '[codepipeline.approvals.bounds] a malformed token',
      { token: 'x', status: 'Approved' },
      /^ValidationException.*'token'/,
    ],
    [
      '[codepipeline.approvals.place] an unknown stage',
      { token: unknown, status: 'Approved', stageName: 'No' },
      /^StageNotFoundException/,
    ],
    [
      '[codepipeline.approvals.place] an unknown action',
      { token: unknown, status: 'Approved', actionName: 'No' },
      /^ActionNotFoundException/,
    ],
    [
      '[codepipeline.approvals.bounds] an unknown status',
      { token: unknown, status: 'Maybe' },
      /^ValidationException.*\[Approved, Rejected\]/,
    ],
    [
      '[codepipeline.approvals.bounds] a long summary',
      { token: unknown, status: 'Approved', summary: 'x'.repeat(513) },
      /less than or equal to 512/,
    ],
  ])('%s is refused', async (_, input, why) => {
    await started();
    expect(await refusal(answer(input))).toMatch(why);
  });
});
