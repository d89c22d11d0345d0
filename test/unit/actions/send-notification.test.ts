import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendNotification } from '../../../shared/actions/send-notification/declaration.ts';
import sendNotificationAction from '../../../shared/actions/send-notification/run.ts';
import { isTaken } from '../../../shared/actions/send-notification/webhook.ts';
import { topicMessage } from '../../../shared/actions/send-notification/topic-message.ts';
import { factsOf } from '../../../shared/actions/release-facts.ts';
import { ActionFailed } from '../../../shared/actions/result.ts';
import { actionBench, type ActionBench } from '../../../shared/actions/testing/testing.ts';
import type { TopicGateway } from '../../../shared/actions/gateways/topics.ts';
import { appendEvent } from '../../../shared/state/event-log.ts';
import type { Release } from '../../../shared/state/release.ts';
import { aRequest, commit, releaseId } from '../../support/domain.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { webServer, type WebReply, type WebServer } from '../../support/web-server.ts';

const context = { pipelineExecutionId: 'e-1', pipeline: 'shop', stage: 'Deploy', action: 'Tell' };
const topicArn = 'arn:aws:sns:us-east-1:123456789012:people';

let release: Release;
beforeAll(async () => {
  const request = aRequest({ revision: { type: 'COMMIT_ID', value: commit }, reason: '<!channel> & co' });
  ({ release } = await appendEvent({ store: memoryStore(), pause: async () => {} }, request));
});

let server: WebServer;
let reply: WebReply;
beforeEach(async () => {
  reply = { status: 200, body: 'ok' };
  server = await webServer(() => reply);
});
afterEach(() => server.close());

const publish = vi.fn<TopicGateway['publish']>();
beforeEach(() => void publish.mockReset().mockResolvedValue('m-1'));

function open(secret = `${server.url}/services/T0/s3cret`): ActionBench {
  const gateways = { topics: { publish }, secrets: { read: async () => secret } };
  return actionBench(sendNotificationAction, { release, gateways, remainingMs: 2_600 });
}

describe('send-notification to a webhook', () => {
  const parameters = { webhookSecret: 'slack' };

  it('posts what Slack takes, to exactly the URL', async () => {
    const { answers } = await open().deliver({ context, parameters });
    expect(answers).toMatchObject([{ answer: { kind: 'succeeded', summary: 'the message is sent' } }]);
    expect(server.requests).toMatchObject([{ method: 'POST', path: '/services/T0/s3cret' }]);
    expect(JSON.parse(server.requests[0]?.text ?? '')).toEqual({
      text: `checkout cccccccc is requested, asked for by github/octocat (${releaseId})`,
    });
  });

  it('takes the URL from JSON, too, and keeps its query', async () => {
    await open(JSON.stringify({ url: `${server.url}/hook?key=1` })).deliver({ context, parameters });
    expect(server.requests).toMatchObject([{ path: '/hook?key=1' }]);
  });

  it('lets no fact be markup of Slack, and the template be', async () => {
    const message = '<https://shop.example|shop>: {{reason}}';
    await open().deliver({ context, parameters: { ...parameters, message } });
    expect(JSON.parse(server.requests[0]?.text ?? '')).toEqual({
      text: '<https://shop.example|shop>: &lt;!channel&gt; &amp; co',
    });
  });

  it('posts every fact where that is asked for', async () => {
    const json = { ...parameters, format: 'json', message: '{{reason}}' };
    await open().deliver({ context, parameters: json });
    expect(JSON.parse(server.requests[0]?.text ?? '')).toMatchObject({
      ...{ contract: 1, text: '<!channel> & co', service: 'checkout', commit, execution: 'e-1', stage: 'Deploy' },
    });
  });

  it('sends one message, however often the stage is retried, and another for another execution', async () => {
    const bench = open();
    for (const id of ['job-1', 'job-2']) {
      const { answers } = await bench.deliver({ id, context, parameters });
      expect(answers).toMatchObject([{ answer: { kind: 'succeeded' } }]);
    }
    expect(server.requests).toHaveLength(1);
    await bench.deliver({ id: 'job-3', context: { ...context, pipelineExecutionId: 'e-2' }, parameters });
    expect(server.requests).toHaveLength(2);
  });

  it('sends it with the next run when it could not be sent', async () => {
    const bench = open();
    reply = { status: 500, body: '' };
    await bench.deliver({ id: 'job-1', context, parameters });
    reply = { status: 200, body: 'ok' };
    const { answers } = await bench.deliver({ id: 'job-2', context, parameters });
    expect(answers).toMatchObject([{ answer: { summary: 'the message is sent' } }]);
  });

  it.each<[WebReply, string]>([
    [{ status: 403, body: 'action_prohibited' }, 'PermissionError'],
    [{ status: 404, body: 'channel_not_found' }, 'ConfigurationError'],
    [{ status: 429, headers: { 'retry-after': '30' } }, 'SystemUnavailable'],
    [{ status: 500, body: 's3cret' }, 'SystemUnavailable'],
    [{ status: 200, body: '<!DOCTYPE html><title>Log in</title>' }, 'SystemUnavailable'],
    [{ status: 200, body: '\n<!-- s3cret --><html></html>' }, 'SystemUnavailable'],
    ['none', 'SystemUnavailable'],
  ])('fails for the answer %j, and tells nobody the URL', async (wrong, type) => {
    reply = wrong;
    const { answers } = await open().deliver({ context, parameters });
    expect(answers).toMatchObject([
      { answer: { kind: 'failed', type, message: expect.not.stringMatching(/s3cret|services/) } },
    ]);
    const { answers: passed } = await open().deliver({ context, parameters: { ...parameters, required: false } });
    expect(passed).toMatchObject([
      { answer: { kind: 'succeeded', summary: expect.stringMatching(/^the message could not be sent/) } },
    ]);
  });

  it.each<WebReply>([
    { status: 204 },
    { status: 200, body: '' },
    { status: 200, body: { success: true } },
    { status: 200, body: 'ok', headers: { 'content-type': 'text/html' } },
    { status: 202, body: '<?xml version="1.0"?><accepted/>' },
  ])('has sent the message when the answer is %j', async (answer) => {
    reply = answer;
    const { answers } = await open().deliver({ context, parameters });
    expect(answers).toMatchObject([{ answer: { kind: 'succeeded', summary: 'the message is sent' } }]);
  });

  // In two parts, so that no scanner takes it for a real one.
  const slackWebhook = `https://hooks.slack.com/${'services'}/T0/B0/x`;
  it.each([
    [slackWebhook, 'ok', true],
    [slackWebhook, 'log in first', false],
    [slackWebhook, '', false],
    ['https://hooks.slack.com/triggers/T0/x', '{"ok":true}', true],
    ['https://chat.example/hooks/x', 'taken', true],
  ])('takes for %s the answer %j as %s', (url, answer, isSent) => {
    expect(isTaken(url, answer)).toBe(isSent);
  });

  it.each(['s3cret', 'http://hooks.example/s3cret', '{"url":7}', '{s3cret', 'https://user:s3cret@hooks.example'])(
    'fails for the secret %j, and does not quote it',
    async (secret) => {
      const { answers } = await open(secret).deliver({ context, parameters });
      expect(answers).toMatchObject([
        { answer: { type: 'ConfigurationError', message: expect.not.stringContaining('s3cret') } },
      ]);
    },
  );
});

describe('send-notification to a topic', () => {
  it('publishes once, with what filter policies look at', async () => {
    const bench = open();
    const parameters = { topicArn, message: '{{service}}', subject: '{{service}} is {{outcome}}' };
    for (const id of ['job-1', 'job-2']) {
      const { answers } = await bench.deliver({ id, context, parameters });
      expect(answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { messageId: 'm-1' } } }]);
    }
    expect(publish.mock.calls).toEqual([
      [
        {
          topicArn,
          deduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
          message: 'checkout',
          subject: 'checkout is requested',
          attributes: { release: releaseId, service: 'checkout', outcome: 'requested', stage: 'Deploy' },
        },
      ],
    ]);
  });

  it('fails when there is no topic', async () => {
    publish.mockRejectedValue(new ActionFailed('ConfigurationError', 'there is no topic'));
    const { answers } = await open().deliver({ context, parameters: { topicArn } });
    expect(answers).toMatchObject([{ answer: { type: 'ConfigurationError', message: 'there is no topic' } }]);
  });

  it.each([
    ['ein Gerät\nund 漢字', 'ein Gera t und'],
    ['x'.repeat(200), `${'x'.repeat(98)}.`],
    ['漢字', 'Release'],
  ])('makes a subject of %j that SNS takes', (subject, expected) => {
    const facts = factsOf(undefined, undefined);
    const made = topicMessage({ message: 'm', subject }, facts);
    expect(made).toEqual({ message: 'm', subject: expected, attributes: {} });
  });
});

it.each([
  ['neither of the two', {}, 'either'],
  ['both', { topicArn, webhookSecret: 's' }, 'either'],
  ['what is no topic', { topicArn: 'arn:aws:sqs:us-east-1:123456789012:people' }, 'ARN of a topic'],
  ['a name that no text may use', { topicArn, message: '{{url}}' }, 'message'],
])('send-notification refuses %s', (_what, given, where) => {
  const { success, error } = sendNotification.parameters.safeParse(given);
  expect(success).toBe(false);
  expect(JSON.stringify(error?.issues)).toContain(where);
});
