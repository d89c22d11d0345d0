import * as codepipeline from '@aws-sdk/client-codepipeline';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { defineService, type ServiceApi } from '../../../local/gateway/service.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

const at = new Date('2026-01-05T09:00:00.250Z');
const topicArn = 'arn:aws:sns:us-east-1:123456789012:releases';

/** What V8 throws for a value of too many levels. */
function overflow(): unknown {
  try {
    return JSON.stringify(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)));
  } catch (error) {
    return error;
  }
}

const services: ServiceApi[] = [
  defineService<codepipeline.CodePipeline>({
    name: 'codepipeline',
    schemas: codepipeline,
    protocol: { kind: 'json', version: '1.1' },
    operations: {
      GetPipelineState: ({ name }) => {
        if (name === 'broken') throw new TypeError('a bug with a secret inside');
        if (name === 'deep') throw overflow();
        if (name !== 'checkout') throw new AwsError('PipelineNotFoundException', `no pipeline ${name}`);
        return { pipelineName: name, created: at, stageStates: [{ stageName: 'Source' }], unknownMember: 1 };
      },
      // The answer lacks what the API promises.
      ListPipelines: () => ({ pipelines: [{ version: 'not a number' as never }] }),
    },
  }),
  defineService<eventbridge.EventBridge>({
    name: 'events',
    schemas: eventbridge,
    protocol: { kind: 'json', version: '1.1' },
    operations: {
      PutEvents: ({ Entries = [] }) => ({
        FailedEntryCount: 0,
        Entries: Entries.map((entry) => ({ EventId: `${entry.Source} at ${entry.Time?.toISOString()}` })),
      }),
    },
  }),
  defineService<sfn.SFN>({
    name: 'states',
    schemas: sfn,
    protocol: { kind: 'json', version: '1.0' },
    operations: {
      StartExecution: ({ stateMachineArn, name }) => {
        if (name === 'again') throw new AwsError('ExecutionAlreadyExists', 'it runs');
        return { executionArn: `${stateMachineArn}:1`, startDate: at };
      },
    },
  }),
  defineService<dynamodb.DynamoDB>({
    name: 'dynamodb',
    schemas: dynamodb,
    protocol: { kind: 'json', version: '1.0' },
    operations: {
      GetItem: ({ Key }) => ({
        Item: { ...Key, bytes: { B: new Uint8Array([1, 2, 255]) }, list: { L: [{ N: '1.50' }, { NULL: true }] } },
      }),
      TransactWriteItems: () => {
        throw new AwsError('TransactionCanceledException', 'Transaction cancelled', {
          members: {
            CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { pk: { S: 'a' } } }, { Code: 'None' }],
          },
        });
      },
    },
  }),
  defineService<ssm.SSM>({
    name: 'ssm',
    schemas: ssm,
    protocol: { kind: 'json', version: '1.1' },
    operations: {
      GetParametersByPath: ({ Path }) => ({
        Parameters: [{ Name: `${Path}/a`, Value: 'ä€', Type: 'String', LastModifiedDate: at }],
      }),
      GetParameter: () => {
        throw new AwsError('ParameterNotFound', 'no such parameter');
      },
    },
  }),
  defineService<secretsManager.SecretsManager>({
    name: 'secretsmanager',
    schemas: secretsManager,
    protocol: { kind: 'json', version: '1.1' },
    operations: {
      GetSecretValue: ({ SecretId }) => {
        if (SecretId === 'none') throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find it");
        return { SecretBinary: new Uint8Array([7]), SecretString: 'plain', CreatedDate: at };
      },
    },
  }),
  defineService<sns.SNS>({
    name: 'sns',
    schemas: sns,
    protocol: { kind: 'query', xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
    operations: {
      Publish: ({ TopicArn, Message, MessageAttributes }) => {
        if (TopicArn !== topicArn) throw new AwsError('NotFoundException', 'Topic does not exist');
        return { MessageId: `${Message}|${MessageAttributes?.['kind']?.StringValue}` };
      },
      PublishBatch: ({ PublishBatchRequestEntries = [] }) => ({
        Successful: PublishBatchRequestEntries.map(({ Id, Message }) => ({ Id, MessageId: Message })),
        Failed: [],
      }),
      ListSubscriptionsByTopic: () => ({ Subscriptions: [] }),
      GetTopicAttributes: () => ({ Attributes: { TopicArn: topicArn, DisplayName: '<a & "b">' } }),
      Unsubscribe: () => ({}),
    },
  }),
  defineService<sqs.SQS>({
    name: 'sqs',
    schemas: sqs,
    protocol: { kind: 'json', version: '1.0' },
    operations: {
      GetQueueUrl: () => {
        throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      },
      ListQueues: () => ({ QueueUrls: ['http://127.0.0.1/q'] }),
    },
  }),
  defineService<scheduler.Scheduler>({
    name: 'scheduler',
    schemas: scheduler,
    protocol: { kind: 'rest-json' },
    operations: {
      GetSchedule: ({ Name, GroupName }) => {
        if (Name === 'none') throw new AwsError('ResourceNotFoundException', 'Schedule none does not exist.');
        return { Name: `${GroupName}/${Name}`, CreationDate: at, ScheduleExpression: 'rate(1 hour)' };
      },
      ListSchedules: ({ NamePrefix, MaxResults }) => ({ Schedules: [{ Name: `${NamePrefix}-${MaxResults}` }] }),
      CreateSchedule: ({ Name, FlexibleTimeWindow }) => ({ ScheduleArn: `${Name}:${FlexibleTimeWindow?.Mode}` }),
      DeleteSchedule: () => ({}),
    },
  }),
  defineService<lambda.Lambda>({
    name: 'lambda',
    schemas: lambda,
    protocol: { kind: 'rest-json' },
    operations: {
      Invoke: ({ FunctionName, InvocationType, Payload, Qualifier }) => {
        if (FunctionName === 'busy') {
          throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
            members: { retryAfterSeconds: '3', Reason: 'ConcurrentInvocationLimitExceeded' },
          });
        }
        // The SDK's type allows more for its callers; a handler gets bytes.
        const event = Buffer.from(Payload as Uint8Array).toString();
        const answer = Buffer.from(JSON.stringify({ FunctionName, InvocationType, Qualifier, event }));
        const StatusCode = InvocationType === 'Event' ? 202 : 200;
        // The SDK's type is what its callers get: bytes with methods of its own.
        return { StatusCode, FunctionError: 'Unhandled', Payload: answer as never };
      },
      GetFunction: ({ FunctionName }) => ({ Configuration: { FunctionName } }),
      ListFunctions: () => ({ Functions: [{ FunctionName: 'a' }] }),
    },
  }),
];

let cloud: GatewayOverHttp;
beforeAll(async () => {
  cloud = await gatewayOverHttp(services);
});
afterAll(() => cloud.close());

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('[gateway.protocol.json] CodePipeline: an output arrives with dates, and a member that the API does not name is dropped', async () => {
  const client = new codepipeline.CodePipeline(cloud.client);
  const { $metadata, ...state } = await client.getPipelineState({ name: 'checkout' });
  expect(state).toEqual({ pipelineName: 'checkout', created: at, stageStates: [{ stageName: 'Source' }] });
  expect($metadata.requestId).toBe(cloud.gateway.recentCalls().at(-1)?.requestId);
});

test('[gateway.protocol.json] CodePipeline: a modelled error arrives as its class', async () => {
  const error = await failure(new codepipeline.CodePipeline(cloud.client).getPipelineState({ name: 'other' }));
  expect(error).toBeInstanceOf(codepipeline.PipelineNotFoundException);
  expect(error).toMatchObject({ message: 'no pipeline other', $metadata: { httpStatusCode: 400 } });
});

test('[gateway.handler-error] a handler that fails is a 500 without its reason, and its reason is reported', async () => {
  const error = await failure(new codepipeline.CodePipeline(cloud.client).getPipelineState({ name: 'broken' }));
  expect(error).toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  expect(String(error)).not.toContain('secret inside');
  expect(cloud.reported.join()).toContain(
    'codepipeline:GetPipelineState failed: TypeError: a bug with a secret inside',
  );
});

test('[gateway.too-deep] a value that is nested too deeply for a handler is the request’s fault', async () => {
  const error = await failure(new codepipeline.CodePipeline(cloud.client).getPipelineState({ name: 'deep' }));
  expect(error).toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
});

test('an answer that does not fit the API is a 500 and is reported', async () => {
  const error = await failure(new codepipeline.CodePipeline(cloud.client).listPipelines({}));
  expect(error).toMatchObject({ name: 'InternalFailure' });
  expect(cloud.reported.join()).toContain('pipelines.1.version must be a number, got a string');
});

test('[gateway.not-supported.operation] an operation without a handler is refused by name', async () => {
  const error = await failure(new codepipeline.CodePipeline(cloud.client).listWebhooks({}));
  expect(error).toMatchObject({
    name: 'NotImplemented',
    message: 'codepipeline:ListWebhooks is not supported locally',
  });
});

test('[gateway.signature] the secret key must be the right one, whatever the access key', async () => {
  const credentials = { ...cloud.client.credentials, secretAccessKey: 'another' };
  const forged = { ...cloud.client, credentials };
  expect(await failure(new codepipeline.CodePipeline(forged).getPipelineState({ name: 'checkout' }))).toMatchObject({
    name: 'InvalidSignatureException',
  });
  expect(await failure(new sns.SNS(forged).listTopics({}))).toMatchObject({ name: 'SignatureDoesNotMatch' });
  expect(cloud.gateway.recentCalls().filter(({ operation }) => operation === 'ListTopics')).toEqual([]);
});

test('[gateway.signature] refuses a body that is not the signed one', async () => {
  const client = new codepipeline.CodePipeline(cloud.client);
  client.middlewareStack.add(
    (next) => (args) => {
      // After signing, this is the HTTP request.
      const request = args.request as { body: Uint8Array };
      request.body = Buffer.from(new TextDecoder().decode(request.body).replace('checkout', 'checkin!'));
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'changeTheBody' },
  );
  expect(await failure(client.getPipelineState({ name: 'checkout' }))).toMatchObject({
    name: 'InvalidSignatureException',
  });
});

test('[gateway.not-supported.service] a service that is not there is refused by name', async () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA/20260105/us-east-1/glue/aws4_request, SignedHeaders=host';
  const response = await fetch(cloud.endpoint, { headers: { authorization } });
  expect(response.status).toBe(501);
  expect(await response.json()).toEqual({ message: 'the service glue is not supported locally' });
});

test('EventBridge: times in the input become dates', async () => {
  const client = new eventbridge.EventBridge(cloud.client);
  const { Entries } = await client.putEvents({ Entries: [{ Source: 'slipway', Time: at }] });
  expect(Entries).toEqual([{ EventId: `slipway at ${at.toISOString()}` }]);
});

test('Step Functions: output and modelled error', async () => {
  const client = new sfn.SFN(cloud.client);
  const started = await client.startExecution({ stateMachineArn: 'arn:m', name: 'once' });
  expect(started).toMatchObject({ executionArn: 'arn:m:1', startDate: at });
  expect(await failure(client.startExecution({ stateMachineArn: 'arn:m', name: 'again' }))).toBeInstanceOf(
    sfn.ExecutionAlreadyExists,
  );
});

test('[gateway.protocol.json] DynamoDB: every attribute type, and the reasons of a cancelled transaction', async () => {
  const client = new dynamodb.DynamoDB(cloud.client);
  const { Item } = await client.getItem({ TableName: 't', Key: { pk: { S: 'a' } } });
  expect(Item).toEqual({
    pk: { S: 'a' },
    bytes: { B: new Uint8Array([1, 2, 255]) },
    list: { L: [{ N: '1.50' }, { NULL: true }] },
  });
  const error = await failure(client.transactWriteItems({ TransactItems: [] }));
  expect(error).toBeInstanceOf(dynamodb.TransactionCanceledException);
  expect(error).toMatchObject({
    CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { pk: { S: 'a' } } }, { Code: 'None' }],
  });
});

test('SSM and Secrets Manager: outputs and modelled errors', async () => {
  const parameters = new ssm.SSM(cloud.client);
  const { Parameters } = await parameters.getParametersByPath({ Path: '/a' });
  expect(Parameters).toEqual([{ Name: '/a/a', Value: 'ä€', Type: 'String', LastModifiedDate: at }]);
  expect(await failure(parameters.getParameter({ Name: 'x' }))).toBeInstanceOf(ssm.ParameterNotFound);
  const secrets = new secretsManager.SecretsManager(cloud.client);
  expect(await secrets.getSecretValue({ SecretId: 's' })).toMatchObject({
    SecretBinary: new Uint8Array([7]),
    CreatedDate: at,
  });
  expect(await failure(secrets.getSecretValue({ SecretId: 'none' }))).toBeInstanceOf(
    secretsManager.ResourceNotFoundException,
  );
});

test('[gateway.protocol.query] SNS: forms with maps and lists are read, answers and errors arrive', async () => {
  const client = new sns.SNS(cloud.client);
  const attributes = { kind: { DataType: 'String', StringValue: 'a&b=c' } };
  expect(await client.publish({ TopicArn: topicArn, Message: 'ä b\n', MessageAttributes: attributes })).toMatchObject({
    MessageId: 'ä b\n|a&b=c',
  });
  const entries = [
    { Id: '1', Message: 'one' },
    { Id: '2', Message: 'two' },
  ];
  expect((await client.publishBatch({ TopicArn: topicArn, PublishBatchRequestEntries: entries })).Successful).toEqual([
    { Id: '1', MessageId: 'one' },
    { Id: '2', MessageId: 'two' },
  ]);
  expect((await client.getTopicAttributes({ TopicArn: topicArn })).Attributes).toEqual({
    TopicArn: topicArn,
    DisplayName: '<a & "b">',
  });
  expect((await client.listSubscriptionsByTopic({ TopicArn: topicArn })).Subscriptions).toEqual([]);
  await client.unsubscribe({ SubscriptionArn: 'arn' });
  const error = await failure(client.publish({ TopicArn: 'arn:other', Message: 'm' }));
  expect(error).toBeInstanceOf(sns.NotFoundException);
  expect(error).toMatchObject({ message: 'Topic does not exist', $metadata: { httpStatusCode: 404 } });
});

test('[gateway.protocol.query-compatible] SQS: errors carry the old code and arrive as their class', async () => {
  const client = new sqs.SQS(cloud.client);
  expect((await client.listQueues({})).QueueUrls).toEqual(['http://127.0.0.1/q']);
  const error = await failure(client.getQueueUrl({ QueueName: 'q' }));
  expect(error).toBeInstanceOf(sqs.QueueDoesNotExist);
  expect(error).toMatchObject({
    message: 'The specified queue does not exist.',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
  });
});

test('[gateway.protocol.rest-json] Scheduler: labels, query parameters and bodies', async () => {
  const client = new scheduler.Scheduler(cloud.client);
  expect(await client.getSchedule({ Name: 'nightly', GroupName: 'g/1' })).toMatchObject({
    Name: 'g/1/nightly',
    CreationDate: at,
  });
  expect((await client.listSchedules({ NamePrefix: 'a', MaxResults: 5 })).Schedules?.[0]?.Name).toBe('a-5');
  const created = await client.createSchedule({
    Name: 'n',
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: 'arn', RoleArn: 'arn' },
  });
  expect(created.ScheduleArn).toBe('n:OFF');
  await client.deleteSchedule({ Name: 'n' });
  const error = await failure(client.getSchedule({ Name: 'none' }));
  expect(error).toBeInstanceOf(scheduler.ResourceNotFoundException);
  expect(error).toMatchObject({ $metadata: { httpStatusCode: 404 } });
});

test('[gateway.protocol.rest-json] Lambda: payloads are bytes, status and function error travel beside them', async () => {
  const client = new lambda.Lambda(cloud.client);
  const output = await client.invoke({
    FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:f',
    InvocationType: 'Event',
    Payload: JSON.stringify({ a: 1 }),
    Qualifier: 'live',
  });
  expect(output).toMatchObject({ StatusCode: 202, FunctionError: 'Unhandled' });
  expect(JSON.parse(output.Payload?.transformToString() ?? '')).toEqual({
    FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:f',
    InvocationType: 'Event',
    Qualifier: 'live',
    event: '{"a":1}',
  });
  expect((await client.getFunction({ FunctionName: 'f' })).Configuration).toEqual({ FunctionName: 'f' });
  expect((await client.listFunctions({})).Functions).toEqual([{ FunctionName: 'a' }]);
  const error = await failure(client.invoke({ FunctionName: 'busy' }));
  expect(error).toBeInstanceOf(lambda.TooManyRequestsException);
  expect(error).toMatchObject({
    retryAfterSeconds: '3',
    Reason: 'ConcurrentInvocationLimitExceeded',
    $metadata: { httpStatusCode: 429 },
  });
});

test('[gateway.calls] every call is recorded with its principal and without its input', async () => {
  const secrets = new secretsManager.SecretsManager(cloud.client);
  await secrets.getSecretValue({ SecretId: 'recorded-secret' });
  const last = cloud.gateway.recentCalls().at(-1);
  expect(last).toMatchObject({
    service: 'secretsmanager',
    operation: 'GetSecretValue',
    outcome: 'ok',
    principal: { kind: 'user' },
  });
  expect(JSON.stringify(cloud.gateway.recentCalls())).not.toContain('recorded-secret');
});
