import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyPermissionTable, Permission } from '../../../local/authorization/permission.ts';
import { openEvents } from '../../../local/services/events/service.ts';
import { services } from '../../../local/services/registry.ts';
import type { ServiceModule } from '../../../local/services/service-module.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

let cloud: TestCloud;
let modules: ServiceModule[];

beforeEach(async () => {
  modules = [];
  const opened = [openEvents, ...services].map((open) => (context: TestCloud['context']) => {
    const module = open(context);
    modules.push(module);
    return module;
  });
  cloud = await testCloud({ services: opened });
});
afterEach(() => cloud.close());

function tableOf(service: string): AnyPermissionTable {
  return modules.find(({ api }) => api?.name === service)?.permissions ?? {};
}

function needed(service: string, operation: string, input: object): readonly Permission[] {
  // The rows read the input that their operation has.
  const permissions = tableOf(service)[operation]?.(input as never) ?? [];
  return [permissions].flat() as readonly Permission[];
}

const texts = (permissions: readonly Permission[]): string[] =>
  permissions.map(({ action, resource }) => `${action} ${resource.replace(':us-east-1:123456789012:', '::')}`);

it('[iam.tables.complete] every operation of every service says which permission it needs', () => {
  const missing = modules.flatMap(({ api, permissions }) =>
    Object.keys(api?.operations ?? {})
      .filter((operation) => permissions?.[operation] === undefined)
      .map((operation) => `${api?.name}:${operation}`),
  );
  expect(missing).toEqual([]);
});

describe('what a call needs', () => {
  it.each<[string, string, object, string[]]>([
    ['dynamodb', 'Query', { TableName: 'T' }, ['dynamodb:Query arn:aws:dynamodb::table/T']],
    ['dynamodb', 'Query', { TableName: 'T', IndexName: 'i' }, ['dynamodb:Query arn:aws:dynamodb::table/T/index/i']],
    [
      'dynamodb',
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'A' } },
          { Update: { TableName: 'B' } },
          { Delete: { TableName: 'C' } },
          { ConditionCheck: { TableName: 'D' } },
        ],
      },
      [
        'dynamodb:PutItem arn:aws:dynamodb::table/A',
        'dynamodb:UpdateItem arn:aws:dynamodb::table/B',
        'dynamodb:DeleteItem arn:aws:dynamodb::table/C',
        'dynamodb:ConditionCheckItem arn:aws:dynamodb::table/D',
      ],
    ],
    ['dynamodb', 'BatchGetItem', { RequestItems: { A: {} } }, ['dynamodb:BatchGetItem arn:aws:dynamodb::table/A']],
    [
      'events',
      'PutEvents',
      { Entries: [{}, { EventBusName: 'arn:aws:events:us-east-1:123456789012:event-bus/own' }] },
      ['events:PutEvents arn:aws:events::event-bus/default', 'events:PutEvents arn:aws:events::event-bus/own'],
    ],
    ['events', 'PutRule', { Name: 'r' }, ['events:PutRule arn:aws:events::rule/r']],
    ['events', 'PutTargets', { Rule: 'r', EventBusName: 'b' }, ['events:PutTargets arn:aws:events::rule/b/r']],
    ['lambda', 'Invoke', { FunctionName: 'f' }, ['lambda:InvokeFunction arn:aws:lambda::function:f']],
    [
      'lambda',
      'Invoke',
      { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:f:live' },
      ['lambda:InvokeFunction arn:aws:lambda::function:f:live'],
    ],
    ['sns', 'Publish', { TopicArn: 'arn:aws:sns:us-east-1:123456789012:t' }, ['SNS:Publish arn:aws:sns::t']],
    ['sqs', 'SendMessageBatch', { QueueUrl: 'http://x/123456789012/q' }, ['sqs:sendmessage arn:aws:sqs::q']],
    ['s3', 'ListObjectsV2', { Bucket: 'b', Prefix: 'p' }, ['s3:ListBucket arn:aws:s3:::b']],
    ['s3', 'GetObject', { Bucket: 'b', Key: 'k/l' }, ['s3:GetObject arn:aws:s3:::b/k/l']],
    ['s3', 'HeadObject', { Bucket: 'b', Key: 'k', VersionId: '1' }, ['s3:GetObjectVersion arn:aws:s3:::b/k']],
    [
      's3',
      'DeleteObjects',
      { Bucket: 'b', Delete: { Objects: [{ Key: 'k' }, { Key: 'l', VersionId: '1' }] } },
      ['s3:DeleteObject arn:aws:s3:::b/k', 's3:DeleteObjectVersion arn:aws:s3:::b/l'],
    ],
    [
      's3',
      'CopyObject',
      { Bucket: 'b', Key: 'k', CopySource: 'a/x%20y?versionId=3', Tagging: 't=1' },
      [
        's3:GetObjectVersion arn:aws:s3:::a/x y',
        's3:PutObject arn:aws:s3:::b/k',
        's3:PutObjectTagging arn:aws:s3:::b/k',
      ],
    ],
    ['ssm', 'GetParameter', { Name: '/a/b:3' }, ['ssm:GetParameter arn:aws:ssm::parameter/a/b']],
    ['ssm', 'GetParameter', { Name: 'plain' }, ['ssm:GetParameter arn:aws:ssm::parameter/plain']],
    ['ssm', 'GetParametersByPath', { Path: '/a' }, ['ssm:GetParametersByPath arn:aws:ssm::parameter/a']],
    ['scheduler', 'GetSchedule', { Name: 's' }, ['scheduler:GetSchedule arn:aws:scheduler::schedule/default/s']],
    [
      'codepipeline',
      'PutApprovalResult',
      { pipelineName: 'p', stageName: 's', actionName: 'a' },
      ['codepipeline:PutApprovalResult arn:aws:codepipeline::p/s/a'],
    ],
    [
      'codepipeline',
      'RetryStageExecution',
      { pipelineName: 'p', stageName: 's' },
      ['codepipeline:RetryStageExecution arn:aws:codepipeline::p/s'],
    ],
    ['codepipeline', 'PutJobSuccessResult', { jobId: '1' }, ['codepipeline:PutJobSuccessResult *']],
    [
      'codepipeline',
      'PollForJobs',
      { actionTypeId: { category: 'Test', owner: 'Custom', provider: 'P', version: '1' } },
      ['codepipeline:PollForJobs arn:aws:codepipeline::actiontype:Custom/Test/P/1'],
    ],
  ])('[iam.tables] %s %s %j', (service, operation, input, permissions) => {
    expect(texts(needed(service, operation, input))).toEqual(permissions);
  });

  it('[iam.tables.states-qualifier] a start by way of an alias needs the state machine, with the alias as a key', () => {
    const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:release';
    expect(needed('states', 'StartExecution', { stateMachineArn: `${machine}:live` })).toEqual([
      { action: 'states:StartExecution', resource: machine, keys: { 'states:StateMachineQualifier': 'live' } },
    ]);
  });

  it('[iam.tables.secret-arn] a secret that is named by its name needs its whole ARN', async () => {
    const { ARN } = await cloud.call<{ ARN: string }>('secretsmanager', 'CreateSecret', {
      Name: 'token',
      SecretString: 'x',
    });
    expect(ARN).toMatch(/:secret:token-\w{6}$/);
    expect(needed('secretsmanager', 'GetSecretValue', { SecretId: 'token' })).toEqual([
      { action: 'secretsmanager:GetSecretValue', resource: ARN },
    ]);
  });
});
