import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { integrations } from '../../../local/services/states/integrations/registry.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  functionAnswer,
  historyOf,
  makeMachine,
  openStatesCloud,
  payloadOf,
  run,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

/** Runs one task with these arguments. */
function callTask(Resource: string, Arguments: unknown) {
  return run(cloud, { Call: { Type: 'Task', Resource: `arn:aws:states:::${Resource}`, Arguments, End: true } });
}

/** The input of the one call that reached a service. */
function inputTo(service: string): unknown {
  return cloud.calls.find(({ request }) => request.service === service)?.request.input;
}

it('has every integration of its folder in the registry', () => {
  const parts = ['integration', 'registry', 'call-aws', 'invoke-function', 'schemas', 'task-events', 'translate'];
  const files = readdirSync(new URL('../../../local/services/states/integrations/', import.meta.url))
    .map((file) => file.replace('.ts', ''))
    .filter((file) => !parts.includes(file));
  const names = integrations.map(({ name }) =>
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/[: ]/g, '-'),
  );
  expect(names.toSorted()).toEqual(files.toSorted());
});

describe('lambda:invoke', () => {
  it('[states.lambda.invoke] sends the Payload and gives the answer as Payload', async () => {
    cloud.answer('lambda', 'Invoke', (input) => functionAnswer({ got: payloadOf(input) }));
    const { value } = await callTask('lambda:invoke', { FunctionName: 'plan', Qualifier: 'live', Payload: { a: 1 } });
    expect(value).toMatchObject({ ExecutedVersion: '$LATEST', Payload: { got: { a: 1 } }, StatusCode: 200 });
    expect(inputTo('lambda')).toMatchObject({ FunctionName: 'plan', Qualifier: 'live' });
  });

  it('[states.lambda.fields] refuses a field that Lambda does not have', async () => {
    expect(await callTask('lambda:invoke', { FunctionName: 'plan', Extra: 1 })).toMatchObject({
      error: 'States.Runtime',
    });
  });
});

describe('aws-sdk', () => {
  it('[states.aws-sdk.members] translates members both ways: PascalCase here, as in the model there', async () => {
    cloud.answer('codepipeline', 'StartPipelineExecution', () => ({ pipelineExecutionId: 'e-1' }));
    const { value } = await callTask('aws-sdk:codepipeline:startPipelineExecution', {
      Name: 'checkout',
      Variables: [{ Name: 'image', Value: 'sha256:1' }],
    });
    expect(inputTo('codepipeline')).toEqual({ name: 'checkout', variables: [{ name: 'image', value: 'sha256:1' }] });
    expect(value).toEqual({ PipelineExecutionId: 'e-1' });
  });

  it('[states.aws-sdk.values] translates dates, and leaves the keys of maps as they are', async () => {
    const lastStatusChange = new Date(Date.UTC(2026, 0, 5));
    cloud.answer('codepipeline', 'GetPipelineState', () => ({
      pipelineName: 'checkout',
      stageStates: [{ stageName: 'Scan', actionStates: [{ latestExecution: { lastStatusChange } }] }],
      created: undefined,
    }));
    expect((await callTask('aws-sdk:codepipeline:getPipelineState', { Name: 'checkout' })).value).toEqual({
      PipelineName: 'checkout',
      StageStates: [
        { StageName: 'Scan', ActionStates: [{ LatestExecution: { LastStatusChange: '2026-01-05T00:00:00.000Z' } }] },
      ],
    });
    cloud.answer('codepipeline', 'PutJobSuccessResult', () => ({}));
    await callTask('aws-sdk:codepipeline:putJobSuccessResult', { JobId: 'j', OutputVariables: { checkedCount: '42' } });
    expect(cloud.calls.at(-2)?.request.input).toEqual({ jobId: 'j', outputVariables: { checkedCount: '42' } });
  });

  it('[states.aws-sdk.attribute-values] sends attribute values of DynamoDB as they are and gives them so', async () => {
    const Item = {
      pk: { S: 'a' },
      n: { N: '1' },
      on: { BOOL: true },
      no: { NULL: true },
      m: { M: { x: { L: [{ S: 'y' }] } } },
    };
    cloud.answer('dynamodb', 'GetItem', () => ({ Item }));
    const { value } = await callTask('aws-sdk:dynamodb:getItem', { TableName: 't', Key: { pk: { S: 'a' } } });
    expect(inputTo('dynamodb')).toEqual({ TableName: 't', Key: { pk: { S: 'a' } } });
    expect(value).toEqual({ Item });
  });

  it('[states.aws-sdk.bodies] gives the body of an S3 object as text, and sends one as bytes', async () => {
    cloud.answer('s3', 'GetObject', () => ({ Body: new TextEncoder().encode('hello'), ContentLength: 5 }));
    expect((await callTask('aws-sdk:s3:getObject', { Bucket: 'b', Key: 'k' })).value).toEqual({
      Body: 'hello',
      ContentLength: 5,
    });
    cloud.answer('s3', 'PutObject', () => ({ ETag: '"1"' }));
    const { value } = await callTask('aws-sdk:s3:putObject', { Bucket: 'b', Key: 'k', Body: { a: 1 } });
    expect(value).toEqual({ ETag: '"1"' });
    const put = cloud.calls.find(({ request }) => request.operation === 'PutObject')?.request.input;
    expect(new TextDecoder().decode((put as { Body: Uint8Array }).Body)).toBe('{"a":1}');
  });

  it.each([
    [
      'codepipeline:getPipeline',
      'codepipeline',
      'GetPipeline',
      'PipelineNotFoundException',
      'CodePipeline.PipelineNotFoundException',
      { Name: 'x' },
    ],
    [
      'dynamodb:putItem',
      'dynamodb',
      'PutItem',
      'ConditionalCheckFailedException',
      'DynamoDb.ConditionalCheckFailedException',
      { TableName: 't', Item: {} },
    ],
    [
      'dynamodb:putItem',
      'dynamodb',
      'PutItem',
      'ValidationException',
      'DynamoDb.DynamoDbException',
      { TableName: 't', Item: {} },
    ],
    ['s3:getObject', 's3', 'GetObject', 'NoSuchKey', 'S3.NoSuchKeyException', { Bucket: 'b', Key: 'k' }],
    [
      'sfn:describeExecution',
      'states',
      'DescribeExecution',
      'ExecutionDoesNotExist',
      'Sfn.ExecutionDoesNotExistException',
      { ExecutionArn: 'x' },
    ],
    [
      'secretsmanager:getSecretValue',
      'secretsmanager',
      'GetSecretValue',
      'ResourceNotFoundException',
      'SecretsManager.ResourceNotFoundException',
      { SecretId: 's' },
    ],
    [
      'eventbridge:putRule',
      'events',
      'PutRule',
      'ManagedRuleException',
      'EventBridge.ManagedRuleException',
      { Name: 'r' },
    ],
  ])('[states.aws-sdk.errors] spells the error of %s: %s %s %s is %s', async (...row) => {
    const [resource, service, operation, code, error, Arguments] = row;
    const isDescribe = operation === 'DescribeExecution';
    let isFirst = true;
    cloud.answer(service, operation, () => {
      if (isDescribe && !isFirst) return { status: 'FAILED' };
      isFirst = false;
      throw new AwsError(code, 'no');
    });
    const machine = await makeMachine(cloud, {
      Call: { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${resource}`, Arguments, End: true },
    });
    const execution = await start(cloud, machine);
    await cloud.timers.settled();
    const last = (await historyOf(cloud, execution)).at(-1)?.executionFailedEventDetails;
    expect(last?.error).toBe(error);
    expect(last?.cause).toMatch(/^no \(Service: \w+, Status Code: 400, Request ID: [0-9a-f-]{36}\)$/);
  });

  it('[states.aws-sdk.history] writes the names of service and action into the history', async () => {
    cloud.answer('codepipeline', 'StartPipelineExecution', () => ({ pipelineExecutionId: 'e-1' }));
    const Resource = 'arn:aws:states:::aws-sdk:codepipeline:startPipelineExecution';
    const machine = await makeMachine(cloud, {
      Launch: { Type: 'Task', Resource, Arguments: { Name: 'checkout' }, TimeoutSeconds: 30, End: true },
    });
    const execution = await start(cloud, machine);
    await settle(cloud, execution);
    const names = { resourceType: 'aws-sdk:codepipeline', resource: 'startPipelineExecution' };
    expect((await historyOf(cloud, execution)).slice(2, 5)).toMatchObject([
      {
        type: 'TaskScheduled',
        taskScheduledEventDetails: {
          ...names,
          region: 'us-east-1',
          parameters: '{"Name":"checkout"}',
          timeoutInSeconds: 30,
        },
      },
      { type: 'TaskStarted', taskStartedEventDetails: names },
      { type: 'TaskSucceeded', taskSucceededEventDetails: { ...names, output: '{"PipelineExecutionId":"e-1"}' } },
    ]);
  });
});

describe('dynamodb', () => {
  it.each([
    ['getItem', 'GetItem'],
    ['putItem', 'PutItem'],
    ['updateItem', 'UpdateItem'],
    ['deleteItem', 'DeleteItem'],
  ])('[states.dynamodb.operations] calls %s', async (action, operation) => {
    cloud.answer('dynamodb', operation, () => ({ Attributes: { pk: { S: 'a' } }, Item: { pk: { S: 'a' } } }));
    const Arguments = action === 'putItem' ? { TableName: 't', Item: {} } : { TableName: 't', Key: {} };
    expect(await callTask(`dynamodb:${action}`, Arguments)).toMatchObject({ status: 'SUCCEEDED' });
    expect(inputTo('dynamodb')).toEqual(Arguments);
  });

  it.each([
    ['ConditionalCheckFailedException', 'DynamoDB.ConditionalCheckFailedException'],
    ['ValidationException', 'DynamoDB.AmazonDynamoDBException'],
  ])('[states.dynamodb.errors] spells %s %s', async (code, error) => {
    cloud.answer('dynamodb', 'PutItem', () => {
      throw new AwsError(code, 'no');
    });
    const result = await callTask('dynamodb:putItem', { TableName: 't', Item: {} });
    expect(result.error).toBe(error);
    expect(result.cause).toContain(`(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ${code}; Request ID: `);
  });
});

describe('events:putEvents', () => {
  const entry = { Source: 'slipway', DetailType: 'release.requested', EventBusName: 'releases', Detail: { a: 1 } };

  it('[states.events.put-events] sends details as texts and names the machine and the execution as resources', async () => {
    cloud.answer('events', 'PutEvents', () => ({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] }));
    const machine = await makeMachine(cloud, {
      Put: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Arguments: { Entries: [{ ...entry, Resources: ['x'] }] },
        End: true,
      },
    });
    const execution = await start(cloud, machine);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(inputTo('events')).toEqual({
      Entries: [{ ...entry, Detail: '{"a":1}', Resources: ['x', machine, execution] }],
    });
  });

  it('[states.events.failed-entry] fails when one entry fails', async () => {
    const answer = {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }],
    };
    cloud.answer('events', 'PutEvents', () => answer);
    const { error, cause = '' } = await callTask('events:putEvents', { Entries: [entry] });
    expect(error).toBe('EventBridge.FailedEntry');
    expect(JSON.parse(cause)).toEqual(answer);
  });
});

describe('sns:publish and sqs:sendMessage', () => {
  it('[states.sns.publish] publishes a message of JSON as its text', async () => {
    cloud.answer('sns', 'Publish', () => ({ MessageId: 'm-1' }));
    const { value } = await callTask('sns:publish', {
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:people',
      Message: { text: 'released' },
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'release' } },
    });
    expect(value).toMatchObject({ MessageId: 'm-1' });
    expect(inputTo('sns')).toMatchObject({
      Message: '{"text":"released"}',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'release' } },
    });
  });

  it('[states.sqs.send-message] sends a message body of JSON as its text', async () => {
    cloud.answer('sqs', 'SendMessage', () => ({ MessageId: 'm-1', MD5OfMessageBody: 'x' }));
    const { value } = await callTask('sqs:sendMessage', { QueueUrl: 'http://q', MessageBody: { a: 1 } });
    expect(value).toMatchObject({ MessageId: 'm-1', MD5OfMessageBody: 'x' });
    expect(inputTo('sqs')).toEqual({ QueueUrl: 'http://q', MessageBody: '{"a":1}' });
  });
});

describe('states:startExecution', () => {
  it('[states.start-execution] starts another machine and does not wait for it', async () => {
    const child = await makeMachine(cloud, {
      Wait: { Type: 'Wait', Seconds: 60, Output: '{% $states.input %}', End: true },
    });
    const { status, value } = await callTask('states:startExecution', {
      StateMachineArn: child,
      Name: 'child',
      Input: { a: 1 },
    });
    expect(status).toBe('SUCCEEDED');
    const { ExecutionArn: arn } = value as { ExecutionArn: string };
    await cloud.advance(60_000);
    expect(await settle(cloud, arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
  });

  it('[states.start-execution.errors] spells its errors', async () => {
    const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:none';
    const { error } = await callTask('states:startExecution', { StateMachineArn: machine });
    expect(error).toBe('StepFunctions.StateMachineDoesNotExistException');
  });
});
