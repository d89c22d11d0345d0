import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';
import { createClock } from '../../../local/clock/clock.ts';
import { openCredentials } from '../../../local/gateway/credentials.ts';
import { rolePrincipal, servicePrincipal, type Principal } from '../../../local/gateway/principal.ts';
import type { Json, JsonObject } from '../../../local/json.ts';
import { openStore } from '../../../local/store/store.ts';

let folder: string;
let reported: string[];
let cloud: LocalCloud | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-permissions-'));
  reported = [];
});
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const account = '123456789012';
const table = `arn:aws:dynamodb:us-east-1:${account}:table/releases`;
const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

function app(resources: JsonObject): string {
  const out = join(folder, 'cdk.out');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'App.template.json'), JSON.stringify({ Resources: resources }));
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: `aws://${account}/us-east-1`,
    properties: { templateFile: 'App.template.json' },
  };
  writeFileSync(join(out, 'manifest.json'), JSON.stringify({ version: '1.0', artifacts: { App: stack } }));
  return out;
}

async function start(resources: JsonObject, isAuthorizing = true): Promise<LocalCloud> {
  await cloud?.stop();
  cloud = await startLocalCloud({
    ...{ app: app(resources), folder: join(folder, '.slipway'), isAuthorizing },
    clock: { kind: 'virtual', startMs: Date.UTC(2026, 0, 5, 9) },
    report: (line) => void reported.push(line),
  });
  return cloud;
}

function role(name: string, trusted: Json, statements: JsonObject[] = [], more: JsonObject = {}): JsonObject {
  const trust = { Statement: [{ Effect: 'Allow', Principal: trusted, Action: 'sts:AssumeRole' }] };
  const Policies = [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }];
  return { Type: 'AWS::IAM::Role', Properties: { RoleName: name, AssumeRolePolicyDocument: trust, Policies, ...more } };
}

const allow = (Action: Json, Resource: Json): JsonObject => ({ Effect: 'Allow', Action, Resource });
const lambdaService = { Service: 'lambda.amazonaws.com' };
const asFunction = (name: string): Principal =>
  rolePrincipal(roleArn(name), 'x', servicePrincipal('lambda.amazonaws.com'));

const releases: JsonObject = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'releases',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
const put = { TableName: 'releases', Item: { pk: { S: 'a' } } };

const denied = (action: string, resource: string): string =>
  `is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

describe('a role', () => {
  it('[iam.role.identity-policy] may do what its inline, attached and managed policies allow, and no more', async () => {
    const document = (statement: JsonObject): JsonObject => ({ Version: '2012-10-17', Statement: [statement] });
    const opened = await start({
      Table: releases,
      Role: role('writer', lambdaService, [allow('dynamodb:PutItem', table)]),
      Attached: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'p',
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: document(allow('dynamodb:GetItem', table)),
        },
      },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: document(allow('dynamodb:Scan', table)) },
      },
    });
    const writer = asFunction('writer');
    await opened.call('dynamodb', 'PutItem', put, writer);
    await opened.call('dynamodb', 'GetItem', { TableName: 'releases', Key: put.Item }, writer);
    await opened.call('dynamodb', 'Scan', { TableName: 'releases' }, writer);
    await expect(
      opened.call('dynamodb', 'DeleteItem', { TableName: 'releases', Key: put.Item }, writer),
    ).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: `User: arn:aws:sts::${account}:assumed-role/writer/x ${denied('dynamodb:DeleteItem', table)}`,
    });
  });

  it('[iam.tables.leading-keys] may touch items by their partition, if its policy says so', async () => {
    const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['job/*'] } };
    const opened = await start({
      Table: releases,
      Role: role('writer', lambdaService, [{ ...allow('dynamodb:*', table), Condition }]),
    });
    const call = (operation: string, input: object): Promise<unknown> =>
      opened.call('dynamodb', operation, input, asFunction('writer'));
    const calls = (...names: string[]): [string, object][] => {
      const TableName = 'releases';
      const keys = names.map((pk) => ({ pk: { S: pk } }));
      const [Key] = keys;
      const KeyConditionExpression = '#k = :v';
      const bindings = {
        ExpressionAttributeNames: { '#k': 'pk' },
        ExpressionAttributeValues: { ':v': { S: names[0] } },
      };
      return [
        ['PutItem', { TableName, Item: { ...Key, n: { N: '1' } } }],
        ['GetItem', { TableName, Key }],
        ['UpdateItem', { TableName: table, Key }],
        ['Query', { TableName, KeyConditionExpression, ...bindings }],
        ['BatchGetItem', { RequestItems: { releases: { Keys: keys } } }],
        ['BatchWriteItem', { RequestItems: { releases: keys.map((Item) => ({ PutRequest: { Item } })) } }],
        ['TransactGetItems', { TransactItems: keys.map((each) => ({ Get: { TableName, Key: each } })) }],
        ['TransactWriteItems', { TransactItems: keys.map((Item) => ({ Put: { TableName, Item } })) }],
        ['DeleteItem', { TableName, Key }],
      ];
    };
    for (const [operation, input] of calls('job/1', 'job/2')) await call(operation, input);
    for (const [operation, input] of calls('slot/shop', 'job/2'))
      await expect(call(operation, input), operation).rejects.toThrow('no identity-based policy allows');
    // As AWS warns of: what names no item meets the condition.
    await call('Scan', { TableName: 'releases' });
  });

  it('[iam.tables.leading-keys.index] may query an index by its partitions, if its policy says so', async () => {
    const indexed = {
      ...releases,
      Properties: {
        ...(releases['Properties'] as JsonObject), // it is one, above
        AttributeDefinitions: ['pk', 'of'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-of',
            KeySchema: [{ AttributeName: 'of', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
    };
    const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'waits' } };
    const opened = await start({
      Table: indexed,
      Role: role('reader', lambdaService, [{ ...allow('dynamodb:Query', `${table}/index/by-of`), Condition }]),
    });
    const query = (of: string): Promise<unknown> =>
      opened.call(
        'dynamodb',
        'Query',
        {
          ...{ TableName: 'releases', IndexName: 'by-of', KeyConditionExpression: '#o = :v' },
          ExpressionAttributeNames: { '#o': 'of' },
          ExpressionAttributeValues: { ':v': { S: of } },
        },
        asFunction('reader'),
      );
    await query('waits');
    await expect(query('slots')).rejects.toThrow('no identity-based policy allows');
  });

  it('[iam.role.removed-permission] loses what the next template takes from it', async () => {
    await start({ Table: releases, Role: role('writer', lambdaService, [allow('dynamodb:PutItem', table)]) });
    const opened = await start({ Table: releases, Role: role('writer', lambdaService) });
    await expect(opened.call('dynamodb', 'PutItem', put, asFunction('writer'))).rejects.toThrow(
      denied('dynamodb:PutItem', table),
    );
  });

  it('[iam.role.explicit-deny] is told of an explicit deny', async () => {
    const deny = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
    const opened = await start({ Table: releases, Role: role('writer', lambdaService, [allow('*', '*'), deny]) });
    await expect(opened.call('dynamodb', 'PutItem', put, asFunction('writer'))).rejects.toThrow(
      `on resource: ${table} with an explicit deny in an identity-based policy`,
    );
  });

  it('[iam.role.trust] works only for the service that its trust policy names', async () => {
    const opened = await start({
      Table: releases,
      Role: role('writer', { Service: 'states.amazonaws.com' }, [allow('*', '*')]),
    });
    await expect(opened.call('dynamodb', 'PutItem', put, asFunction('writer'))).rejects.toThrow(
      `User: lambda.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${roleArn('writer')}`,
    );
    const machine = rolePrincipal(roleArn('writer'), 'x', servicePrincipal('states.amazonaws.com'));
    await opened.call('dynamodb', 'PutItem', put, machine);
  });

  it('[iam.role.chain] assumes another that trusts the account only with a permission of its own', async () => {
    const action = role('action', { AWS: `arn:aws:iam::${account}:root` }, [allow('dynamodb:PutItem', table)]);
    const service = { Service: 'codepipeline.amazonaws.com' };
    const pipeline = rolePrincipal(roleArn('pipeline'), 'codepipeline', servicePrincipal('codepipeline.amazonaws.com'));
    const caller = rolePrincipal(roleArn('action'), 'job', pipeline);
    const without = await start({ Table: releases, Action: action, Pipeline: role('pipeline', service) });
    await expect(without.call('dynamodb', 'PutItem', put, caller)).rejects.toThrow(
      `User: ${pipeline.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn('action')}`,
    );
    const assume = allow('sts:AssumeRole', roleArn('action'));
    const opened = await start({ Table: releases, Action: action, Pipeline: role('pipeline', service, [assume]) });
    await opened.call('dynamodb', 'PutItem', put, caller);
  });

  it('[iam.role.unknown] that is in no template is not evaluated, which is told once', async () => {
    const opened = await start({ Table: releases, Role: role('other', lambdaService) });
    await opened.call('dynamodb', 'PutItem', put, asFunction('elsewhere'));
    await opened.call('dynamodb', 'PutItem', put, asFunction('elsewhere'));
    expect(reported.filter((line) => line.includes(roleArn('elsewhere')))).toEqual([
      `permissions: the role ${roleArn('elsewhere')} is in no template; what it may do is not evaluated`,
    ]);
  });

  it('[iam.role.before-evaluation] of a folder from before roles were kept is made without a change', async () => {
    const resources = { Table: releases, Role: role('writer', lambdaService) };
    await start(resources);
    await cloud?.stop();
    cloud = undefined;
    const database = new DatabaseSync(join(folder, '.slipway', 'cloud.sqlite'));
    database.exec('DELETE FROM iam_roles');
    database.close();
    const opened = await start(resources);
    await expect(opened.call('dynamodb', 'PutItem', put, asFunction('writer'))).rejects.toThrow('is not authorized');
  });

  it('[iam.resource-policy.role] may also do what the policy of the resource allows it', async () => {
    const statement = { ...allow('s3:PutObject', 'arn:aws:s3:::site/*'), Principal: { AWS: roleArn('writer') } };
    const opened = await start({
      Role: role('writer', lambdaService),
      Site: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'site' } },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        DependsOn: 'Site',
        Properties: { Bucket: 'site', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } },
      },
    });
    const object = { Bucket: 'site', Key: 'a' };
    await opened.call('s3', 'PutObject', { ...object, Body: new Uint8Array([1]) }, asFunction('writer'));
    await expect(opened.call('s3', 'GetObject', object, asFunction('writer'))).rejects.toMatchObject({
      code: 'AccessDenied',
      httpStatus: 403,
    });
  });

  it('[iam.refusal.sdk] is refused by the name that each service gives the error', async () => {
    const opened = await start({ Role: role('nobody', lambdaService) });
    // Credentials as the function's thread has them, from the cloud's own folder.
    const store = openStore(join(folder, '.slipway'));
    const clock = createClock({ kind: 'virtual', startMs: Date.UTC(2026, 0, 5, 9) });
    const credentials = openCredentials(store, clock).issue(asFunction('nobody'));
    store.close();
    const client = { endpoint: opened.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
    await expect(new DynamoDB(client).listTables({})).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(new S3({ ...client, forcePathStyle: true }).listBuckets({})).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(new SQS(client).listQueues({})).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(new SNS(client).listTopics({})).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
  });
});

describe('a service', () => {
  const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'inbox' } };
  const queueArn = `arn:aws:sqs:us-east-1:${account}:inbox`;
  const rule = {
    Type: 'AWS::Events::Rule',
    Properties: { Name: 'forward', EventPattern: { source: ['app'] }, Targets: [{ Id: 'q', Arn: queueArn }] },
  };
  const policy = (sourceArn: string): JsonObject => ({
    Type: 'AWS::SQS::QueuePolicy',
    DependsOn: 'Queue',
    Properties: {
      Queues: [{ Ref: 'Queue' }],
      PolicyDocument: {
        Statement: [
          {
            ...allow('sqs:SendMessage', queueArn),
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
          },
        ],
      },
    },
  });

  async function messagesAfterEvent(opened: LocalCloud): Promise<unknown[]> {
    await opened.call('events', 'PutEvents', { Entries: [{ Source: 'app', DetailType: 'x', Detail: '{}' }] });
    await opened.settled();
    const { QueueUrl } = (await opened.call('sqs', 'GetQueueUrl', { QueueName: 'inbox' })) as { QueueUrl: string };
    const { Messages = [] } = (await opened.call('sqs', 'ReceiveMessage', { QueueUrl })) as { Messages?: unknown[] };
    return Messages;
  }

  it('[iam.resource-policy.service] needs the policy of the queue, for this rule', async () => {
    const own = `arn:aws:events:us-east-1:${account}:rule/forward`;
    expect(await messagesAfterEvent(await start({ Queue: queue, Rule: rule }))).toEqual([]);
    expect(reported.at(-1)).toContain('because no resource-based policy allows the sqs:sendmessage action');
    expect(await messagesAfterEvent(await start({ Queue: queue, Rule: rule, Policy: policy(`${own}-other`) }))).toEqual(
      [],
    );
    expect(await messagesAfterEvent(await start({ Queue: queue, Rule: rule, Policy: policy(own) }))).toHaveLength(1);
  });
});

describe('what is not evaluated', () => {
  it('[iam.start.not-evaluated] is said at the start: in general, and by name', async () => {
    const conditional = { ...allow('s3:ListBucket', '*'), Condition: { StringLike: { 's3:prefix': 'a/*' } } };
    const managed = ['service-role/AWSLambdaBasicExecutionRole', 'AmazonBedrockFullAccess'];
    await start({
      Role: role('reader', lambdaService, [conditional], {
        ManagedPolicyArns: managed.map((name) => `arn:aws:iam::aws:policy/${name}`),
      }),
    });
    expect(reported.slice(-2)).toEqual([
      'permissions: roles and services need them as on AWS; not evaluated: KMS, iam:PassRole, permissions boundaries, session and organization policies',
      'permissions: left out, since not evaluated: arn:aws:iam::aws:policy/AmazonBedrockFullAccess (App, Role), ' +
        'the statement with StringLike s3:prefix (App, Role)',
    ]);
  });

  it('[iam.variables.refused] is refused where a policy has a variable', async () => {
    const statement = allow('s3:*', 'arn:aws:s3:::home/${aws:username}');
    await expect(start({ Role: role('reader', lambdaService, [statement]) })).rejects.toThrow(
      'stack App, Role (AWS::IAM::Role): the policy variable ${aws:username} is not supported locally',
    );
  });

  it('[iam.off] can be everything', async () => {
    const opened = await start({ Table: releases, Role: role('nobody', lambdaService) }, false);
    await opened.call('dynamodb', 'PutItem', put, asFunction('nobody'));
    expect(reported.some((line) => line.startsWith('permissions:'))).toBe(false);
  });
});
