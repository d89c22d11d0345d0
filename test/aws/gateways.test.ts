import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { DynamoDBClient, PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { codePipeline } from '../../shared/aws/codepipeline.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { sourceBucket } from '../../shared/aws/s3.ts';
import { secretReader } from '../../shared/aws/secrets-manager.ts';
import { serviceDirectory } from '../../shared/aws/ssm.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { aRequest, aService, pipelineArn, releaseId } from '../support/domain.ts';

const region = 'us-east-1';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
const failure = (name: string, httpStatusCode = 400, members: object = {}): Error =>
  Object.assign(new Error('from AWS'), { name, $metadata: { httpStatusCode }, ...members });

describe('the table', () => {
  const client = new DynamoDBClient({ region, credentials });
  const mock = mockClient(client);
  const store = tableStore('slipway', client, async () => {});
  beforeEach(() => mock.reset());

  it('tries a write again that met a transaction, and gives up after six', async () => {
    mock.on(PutItemCommand).rejectsOnce(failure('TransactionConflictException')).resolves({});
    expect(await store.write({ put: { pk: 'a', sk: 'b' } })).toMatchObject({ written: true });
    mock.on(PutItemCommand).rejects(failure('TransactionConflictException'));
    await expect(store.write({ put: { pk: 'a', sk: 'b' } })).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(mock.commandCalls(PutItemCommand)).toHaveLength(8);
  });

  it('tells a refused transaction from a failed one', async () => {
    const cancelled = (...codes: string[]) =>
      failure('TransactionCanceledException', 400, { CancellationReasons: codes.map((Code) => ({ Code })) });
    mock.on(TransactWriteItemsCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));
    expect(await store.writeAll([{ put: { pk: 'a', sk: 'b' } }])).toEqual({ written: false });
    mock.on(TransactWriteItemsCommand).rejects(cancelled('ThrottlingError', 'None'));
    await expect(store.writeAll([{ put: { pk: 'a', sk: 'b' } }])).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  });

  it('refuses a cursor that it did not give out', async () => {
    mock.on(QueryCommand).resolves({ Items: [] });
    await expect(store.query({ partition: 'p', limit: 1, from: 'nonsense' })).rejects.toMatchObject({
      name: 'InvalidInput',
    });
  });

  it.each([
    ['of another partition', { pk: 'a', sk: 'b', gsi1pk: 'releases/billing', gsi1sk: 't' }],
    ['that lacks a name', { pk: 'a', gsi1pk: 'releases', gsi1sk: 't' }],
    ['with a name too many', { pk: 'a', sk: 'b', gsi1pk: 'releases', gsi1sk: 't', other: 'x' }],
  ])('refuses a cursor %s before DynamoDB does, which would look like a fault of ours', async (_, key) => {
    const from = Buffer.from(JSON.stringify(key)).toString('base64url');
    await expect(store.query({ partition: 'releases', index: 'sweep', limit: 1, from })).rejects.toMatchObject({
      name: 'InvalidInput',
    });
    expect(mock.commandCalls(QueryCommand)).toHaveLength(0);
  });

  it.each([
    ['ProvisionedThroughputExceededException', 400, 'ServiceUnavailable'],
    ['ThrottlingException', 400, 'ServiceUnavailable'],
    ['InternalServerError', 500, 'ServiceUnavailable'],
    ['AccessDeniedException', 400, 'Misconfigured'],
  ])('says of %s that it is %s', async (name, status, kind) => {
    mock.on(QueryCommand).rejects(failure(name, status));
    await expect(store.query({ partition: 'p', limit: 1 })).rejects.toMatchObject({
      name: kind,
      message: expect.stringContaining(name),
    });
  });
});

describe('the bus', () => {
  const client = new EventBridgeClient({ region, credentials });
  const mock = mockClient(client);
  beforeEach(() => mock.reset());

  it('puts an event under its type', async () => {
    mock.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    await eventBus('slipway', client).publish(aRequest());
    const [entry] = mock.commandCalls(PutEventsCommand)[0]!.args[0].input.Entries!;
    expect(entry).toMatchObject({ EventBusName: 'slipway', Source: 'slipway', DetailType: 'release.requested' });
    expect(JSON.parse(entry!.Detail!)).toEqual(aRequest());
  });

  it.each([
    ['ThrottlingException', 'ServiceUnavailable'],
    ['NotAuthorizedForSource', 'Misconfigured'],
  ])('fails when the entry failed with %s', async (ErrorCode, name) => {
    mock.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode }] });
    await expect(eventBus('slipway', client).publish(aRequest())).rejects.toMatchObject({ name });
  });
});

describe('CodePipeline', () => {
  const client = new CodePipelineClient({ region, credentials });
  const mock = mockClient(client);
  const pipelines = codePipeline(() => client);
  beforeEach(() => mock.reset());

  it('starts a pipeline with a version of its source', async () => {
    mock.on(StartPipelineExecutionCommand).resolves({ pipelineExecutionId: 'execution-1' });
    const id = await pipelines.start(pipelineArn, { token: releaseId, source: { action: 'Source', versionId: 'v1' } });
    expect(id).toBe('execution-1');
    expect(mock.commandCalls(StartPipelineExecutionCommand)[0]!.args[0].input).toEqual({
      name: 'checkout',
      clientRequestToken: releaseId,
      sourceRevisions: [{ actionName: 'Source', revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: 'v1' }],
    });
  });

  it.each([
    ['PipelineNotFoundException', 'PipelineNotFound', false],
    ['ConflictException', 'PipelineBusy', true],
    ['ConcurrentPipelineExecutionsLimitExceededException', 'PipelineBusy', true],
  ])('says of %s that it is %s', async (code, name, retryable) => {
    mock.on(StartPipelineExecutionCommand).rejects(failure(code));
    await expect(pipelines.start(pipelineArn, { token: releaseId })).rejects.toMatchObject({ name, retryable });
  });

  it('reads an execution, and that there is none', async () => {
    mock.on(GetPipelineExecutionCommand).resolvesOnce({
      pipelineExecution: {
        status: 'Succeeded',
        artifactRevisions: [{ revisionId: 'v1' }, { revisionId: 'c'.repeat(40) }],
      },
    });
    expect(await pipelines.findExecution(pipelineArn, 'e')).toEqual({
      status: 'Succeeded',
      revisions: [
        { type: 'S3_OBJECT_VERSION_ID', value: 'v1' },
        { type: 'COMMIT_ID', value: 'c'.repeat(40) },
      ],
    });
    mock.on(GetPipelineExecutionCommand).rejects(failure('PipelineExecutionNotFoundException'));
    expect(await pipelines.findExecution(pipelineArn, 'e')).toBeUndefined();
  });

  it('finds approvals that wait in this very execution', async () => {
    const actionStates = [
      { actionName: 'Ask', latestExecution: { status: 'InProgress' as const, token: 't' } },
      { actionName: 'Asked', latestExecution: { status: 'Succeeded' as const, token: 'u' } },
      { actionName: 'Scan', latestExecution: { status: 'InProgress' as const } },
    ];
    const stage = (id: string) => ({
      stageName: 'Approve',
      latestExecution: { pipelineExecutionId: id, status: 'InProgress' as const },
      actionStates,
    });
    mock.on(GetPipelineStateCommand).resolves({ stageStates: [stage('execution-1'), stage('other')] });
    expect(await pipelines.pending(pipelineArn, 'execution-1')).toEqual([
      { stage: 'Approve', action: 'Ask', token: 't' },
    ]);
  });

  it('answers an approval, and knows when it is late', async () => {
    const pending = { stage: 'Approve', action: 'Ask', token: 't' };
    mock.on(PutApprovalResultCommand).resolvesOnce({}).rejects(failure('ApprovalAlreadyCompletedException'));
    expect(await pipelines.answer(pipelineArn, pending, { isApproved: true, summary: 's' })).toBe('answered');
    expect(await pipelines.answer(pipelineArn, pending, { isApproved: false, summary: 's' })).toBe('late');
  });
});

describe('Step Functions', () => {
  const client = new SFNClient({ region, credentials });
  const mock = mockClient(client);
  beforeEach(() => mock.reset());

  it.each(['TaskDoesNotExist', 'TaskTimedOut'])('knows by %s that nobody waits any more', async (name) => {
    mock.on(SendTaskSuccessCommand).resolvesOnce({}).rejects(failure(name));
    expect(await stepFunctions(client).succeed('token', '{}')).toBe('resumed');
    expect(await stepFunctions(client).succeed('token', '{}')).toBe('gone');
  });

  it('tells no token when it fails', async () => {
    mock.on(SendTaskSuccessCommand).rejects(failure('InvalidToken'));
    await expect(stepFunctions(client).succeed('secret-token', '{}')).rejects.not.toThrow(/secret-token/);
  });

  it.each([
    ['RUNNING', 'running'],
    ['ABORTED', 'ended'],
    ['SUCCEEDED', 'ended'],
  ] as const)('reads %s as %s', async (status, expected) => {
    mock.on(DescribeExecutionCommand).resolves({ status });
    expect(await stepFunctions(client).statusOf('arn')).toBe(expected);
  });

  it('knows an execution that is no longer kept', async () => {
    mock.on(DescribeExecutionCommand).rejects(failure('ExecutionDoesNotExist'));
    expect(await stepFunctions(client).statusOf('arn')).toBe('unknown');
  });
});

describe('SSM', () => {
  const client = new SSMClient({ region, credentials });
  const mock = mockClient(client);
  beforeEach(() => mock.reset());

  it('reads every service once in half a minute', async () => {
    let nowMs = 0;
    mock
      .on(GetParametersByPathCommand, { Path: '/slipway/services' })
      .resolvesOnce({
        Parameters: [{ Name: '/slipway/services/checkout', Value: JSON.stringify(aService()) }],
        NextToken: 'n',
      })
      .resolves({
        Parameters: [{ Name: '/slipway/services/billing', Value: JSON.stringify(aService({ name: 'billing' })) }],
      });
    const services = serviceDirectory('/slipway/services/', client, { nowMs: () => nowMs });
    expect((await services.list()).map(({ name }) => name)).toEqual(['checkout', 'billing']);
    expect(await services.find('billing')).toMatchObject({ name: 'billing' });
    expect(await services.find('other')).toBeUndefined();
    expect(mock.calls()).toHaveLength(2);
    nowMs = 31_000;
    await services.list();
    expect(mock.calls()).toHaveLength(3);
  });

  it('refuses a parameter that holds more or less than a service, naming it', async () => {
    const Value = JSON.stringify({ ...aService(), extra: 1 });
    mock.on(GetParametersByPathCommand).resolves({ Parameters: [{ Name: '/slipway/services/checkout', Value }] });
    await expect(serviceDirectory('/slipway/services/', client).list()).rejects.toThrow('/slipway/services/checkout');
  });
});

describe('Secrets Manager', () => {
  const client = new SecretsManagerClient({ region, credentials });
  const mock = mockClient(client);
  beforeEach(() => mock.reset());

  it('reads both valid values of a secret, and keeps them for half a minute', async () => {
    mock.on(GetSecretValueCommand, { VersionStage: 'AWSCURRENT' }).resolves({ SecretString: 'new' });
    mock.on(GetSecretValueCommand, { VersionStage: 'AWSPREVIOUS' }).resolves({ SecretString: 'old' });
    const read = secretReader(client, { nowMs: () => 0 });
    expect(await read('arn')).toEqual(['new', 'old']);
    await read('arn');
    expect(mock.calls()).toHaveLength(2);
  });

  it('reads the one value of a secret that was never rotated', async () => {
    mock.on(GetSecretValueCommand, { VersionStage: 'AWSCURRENT' }).resolves({ SecretString: 'new' });
    mock.on(GetSecretValueCommand, { VersionStage: 'AWSPREVIOUS' }).rejects(failure('ResourceNotFoundException'));
    expect(await secretReader(client)('arn')).toEqual(['new']);
  });

  it('fails when there is no current value', async () => {
    mock.on(GetSecretValueCommand).rejects(failure('ResourceNotFoundException'));
    await expect(secretReader(client)('arn')).rejects.toMatchObject({ name: 'Misconfigured' });
  });
});

describe('S3', () => {
  const client = new S3Client({ region, credentials, requestChecksumCalculation: 'WHEN_REQUIRED' });

  it("presigns one upload of a zip to the service's key", async () => {
    const url = new URL(await sourceBucket(client).presignUpload(aService(), 900));
    expect(url.pathname).toContain('checkout.zip');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'content-type;host',
    });
    expect([...url.searchParams.keys()].filter((name) => name.includes('checksum'))).toEqual([]);
  });

  it.each(['NotFound', 'NoSuchVersion', '400'])('knows by %s that there is no such version', async (name) => {
    const mock = mockClient(client);
    mock.on(HeadObjectCommand).resolvesOnce({ ContentLength: 7 }).rejects(failure(name, 404));
    expect(await sourceBucket(client).findVersion(aService(), 'v1')).toEqual({ sizeBytes: 7 });
    expect(await sourceBucket(client).findVersion(aService(), 'v2')).toBeUndefined();
    mock.restore();
  });
});
