import { SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, type IQueue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sendNotification } from '../../../infra/public.ts';
import { actionPipeline, pipelineName, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { giveRelease } from '../../support/give-release.ts';
import { webServer, type WebServer } from '../../support/web-server.ts';

let server: WebServer;
let pipeline: ActionPipeline;
beforeAll(async () => {
  server = await webServer(({ path }) => ({ status: path === '/gone' ? 404 : 200, body: 'ok' }));
  pipeline = await actionPipeline({
    actions: ['send-notification'],
    stage: ({ slipway, stack }) => {
      const secret = (id: string, url: string): void => {
        const secretStringValue = SecretValue.unsafePlainText(url);
        new Secret(stack, id, { secretName: id, secretStringValue });
      };
      secret('hook', `${server.url}/services/T0`);
      secret('gone', `${server.url}/gone`);
      const topic = new Topic(stack, 'People');
      // CDK's classes declare optional members that may be undefined, its interfaces do not.
      const inbox = new Queue(stack, 'Inbox', { queueName: 'inbox' }) as IQueue;
      topic.addSubscription(new SqsSubscription(inbox));
      const actions = {
        Topic: { topicArn: topic.topicArn, message: '{{service}} by {{requestedBy}}', subject: 'Release' },
        Webhook: { webhookSecret: 'hook', message: '{{service}} is at {{shortCommit}}' },
        Gone: { webhookSecret: 'gone' },
      };
      return Object.entries(actions).map(([actionName, parameters]) =>
        slipway.action(sendNotification, { ...place, actionName, parameters }),
      );
    },
  });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await server.close();
});

describe('send-notification in a pipeline', () => {
  let execution: string;
  beforeAll(async () => {
    execution = await pipeline.start();
    await giveRelease(pipeline.cloud, execution);
  });

  it('publishes to a topic', async () => {
    expect(await pipeline.untilEnded(execution, 'Topic', '5s')).toMatchObject({
      status: 'Succeeded',
      outputs: { messageId: expect.any(String) },
    });
    expect(await inbox()).toEqual([
      {
        Message: 'checkout by github/octocat',
        Subject: 'Release',
        MessageAttributes: expect.objectContaining({ service: { Type: 'String', Value: 'checkout' } }),
      },
    ]);
  });

  it('posts to the webhook that a secret names', async () => {
    expect(await pipeline.untilEnded(execution, 'Webhook', '5s')).toMatchObject({ status: 'Succeeded' });
    const posted = server.requests.filter(({ path }) => path === '/services/T0');
    expect(posted.map(({ text }) => text)).toEqual(['{"text":"checkout is at cccccccc"}']);
  });

  it('fails when the webhook is gone, without its URL', async () => {
    expect(await pipeline.untilEnded(execution, 'Gone', '5s')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.not.stringContaining('127.0.0.1') },
    });
  });

  it('tells nobody twice when the stage is retried with all its actions', async () => {
    await pipeline.cloud.call('codepipeline', 'RetryStageExecution', {
      pipelineName,
      stageName: place.stageName,
      pipelineExecutionId: execution,
      retryMode: 'ALL_ACTIONS',
    });
    await pipeline.cloud.advance('1m');
    const pathsOf = (wanted: string): number => server.requests.filter(({ path }) => path === wanted).length;
    expect([pathsOf('/gone'), pathsOf('/services/T0')]).toEqual([2, 1]);
    expect(await inbox()).toEqual([]);
  });
});

/** What has come since the last look. */
async function inbox(): Promise<unknown[]> {
  const received = await pipeline.cloud.call('sqs', 'ReceiveMessage', {
    QueueUrl: z
      .object({ QueueUrl: z.string() })
      .parse(await pipeline.cloud.call('sqs', 'GetQueueUrl', { QueueName: 'inbox' })).QueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 43_200,
  });
  const { Messages: messages = [] } = z
    .object({ Messages: z.array(z.object({ Body: z.string() })).optional() })
    .parse(received);
  return messages.map(({ Body: body }) => {
    const { Message, Subject, MessageAttributes } = JSON.parse(body);
    return { Message, Subject, MessageAttributes };
  });
}
