import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';
import type { Recorder } from '../record.ts';

/** Requests to the services that speak awsJson, but for those that run something. */
export async function recordJsonServices(recorder: Recorder): Promise<void> {
  await recordDynamoDb(recorder.client('dynamodb', DynamoDB));
  await recordSqs(recorder.client('sqs', SQS));
  await recordEvents(recorder.client('events', EventBridge));
  await recordSsm(recorder.client('ssm', SSM));
  await recordSecrets(recorder.client('secretsmanager', SecretsManager));
  await recordMonitoring(recorder.client('monitoring', CloudWatch));
}

async function recordDynamoDb(db: DynamoDB): Promise<void> {
  const TableName = 'things';
  const key = { pk: { S: 'a' }, sk: { N: '1' } };
  await db.createTable({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
      { AttributeName: 'owner', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byOwner',
        KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  await db.putItem({
    TableName,
    Item: {
      ...key,
      owner: { S: 'ann' },
      tags: { SS: ['x', 'y'] },
      deep: { M: { marks: { L: [{ N: '1.5' }, { BOOL: true }, { NULL: true }, { B: new Uint8Array([1, 2]) }] } } },
    },
    ConditionExpression: 'attribute_not_exists(pk) OR #o = :o',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': { S: 'ann' } },
    ReturnValues: 'ALL_OLD',
  });
  await db.updateItem({
    TableName,
    Key: key,
    UpdateExpression: 'SET deep.marks[0] = :n, hits = if_not_exists(hits, :zero) + :n ADD tags :t REMOVE gone',
    ExpressionAttributeValues: { ':n': { N: '2' }, ':zero': { N: '0' }, ':t': { SS: ['z'] } },
    ReturnValues: 'UPDATED_NEW',
  });
  await db.getItem({ TableName, Key: key, ProjectionExpression: 'deep.marks[1], tags', ConsistentRead: true });
  await db.query({
    TableName,
    KeyConditionExpression: 'pk = :p AND sk BETWEEN :low AND :high',
    FilterExpression: 'contains(tags, :t) AND size(deep.marks) > :low',
    ExpressionAttributeValues: { ':p': { S: 'a' }, ':low': { N: '0' }, ':high': { N: '9' }, ':t': { S: 'x' } },
    Limit: 5,
  });
  await db.scan({ TableName, Limit: 2, ExclusiveStartKey: key, Segment: 1, TotalSegments: 2 });
  await db.batchGetItem({ RequestItems: { [TableName]: { Keys: [key] } } });
  await db.batchWriteItem({ RequestItems: { [TableName]: [{ PutRequest: { Item: { ...key, sk: { N: '2' } } } }] } });
  await db.transactWriteItems({
    ClientRequestToken: 'token-1',
    TransactItems: [
      { Put: { TableName, Item: { pk: { S: 'b' }, sk: { N: '1' } } } },
      { ConditionCheck: { TableName, Key: key, ConditionExpression: 'attribute_exists(pk)' } },
    ],
  });
  await db.transactGetItems({ TransactItems: [{ Get: { TableName, Key: key } }] });
  await db.updateTimeToLive({ TableName, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } });
  await db.describeTable({ TableName });
  await db.listTables({ Limit: 10 });
  await db.deleteItem({ TableName, Key: { ...key, sk: { N: '2' } }, ReturnValues: 'ALL_OLD' });
}

async function recordSqs(sqs: SQS): Promise<void> {
  const { QueueUrl } = await sqs.getQueueUrl({ QueueName: 'work' });
  const attribute = { kind: { DataType: 'String', StringValue: 'x' } };
  await sqs.sendMessage({ QueueUrl, MessageBody: 'one', DelaySeconds: 0, MessageAttributes: attribute });
  await sqs.sendMessageBatch({ QueueUrl, Entries: [{ Id: '1', MessageBody: 'two', MessageAttributes: attribute }] });
  const { Messages = [] } = await sqs.receiveMessage({
    ...{ QueueUrl, MaxNumberOfMessages: 2, VisibilityTimeout: 30, WaitTimeSeconds: 0 },
    ...{ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] },
  });
  const [first, second] = Messages.map(({ ReceiptHandle }) => ReceiptHandle);
  await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: first, VisibilityTimeout: 10 });
  await sqs.changeMessageVisibilityBatch({
    ...{ QueueUrl, Entries: [{ Id: '1', ReceiptHandle: second, VisibilityTimeout: 5 }] },
  });
  await sqs.deleteMessage({ QueueUrl, ReceiptHandle: first });
  await sqs.deleteMessageBatch({ QueueUrl, Entries: [{ Id: '1', ReceiptHandle: second }] });
  await sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: '30', DelaySeconds: '0' } });
  await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
  await sqs.listQueues({ QueueNamePrefix: 'w', MaxResults: 10 });
}

async function recordEvents(events: EventBridge): Promise<void> {
  await events.createEventBus({ Name: 'releases' });
  await events.putRule({
    ...{ Name: 'all', EventBusName: 'releases', State: 'ENABLED' },
    EventPattern: JSON.stringify({
      source: ['slipway', { prefix: 'x' }],
      detail: { n: [{ numeric: ['>', 1] }], $or: [{ a: [1] }, { b: [{ exists: false }] }] },
    }),
  });
  await events.putRule({ Name: 'hourly', ScheduleExpression: 'cron(0 * * * ? *)' });
  await events.putTargets({
    ...{ Rule: 'all', EventBusName: 'releases' },
    Targets: [
      {
        ...{ Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:123456789012:work' },
        InputTransformer: { InputPathsMap: { n: '$.detail.n' }, InputTemplate: '{"n": <n>, "s": "<n>"}' },
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 },
      },
    ],
  });
  await events.putEvents({
    Entries: [{ EventBusName: 'releases', Source: 'slipway', DetailType: 'x', Detail: '{"n":2}', Time: new Date(0) }],
  });
  await events.testEventPattern({
    EventPattern: '{"source":["a"],"detail":{"c":[{"anything-but":{"prefix":"x"}}]}}',
    Event:
      '{"id":"1","source":"a","detail-type":"b","account":"1","region":"r","time":"2026-01-05T09:00:00Z","resources":[],"detail":{"c":1}}',
  });
  await events.describeRule({ Name: 'all', EventBusName: 'releases' });
  await events.listRules({ EventBusName: 'releases', NamePrefix: 'a', Limit: 5 });
  await events.listTargetsByRule({ Rule: 'all', EventBusName: 'releases' });
  await events.disableRule({ Name: 'hourly' });
  await events.listEventBuses({});
}

async function recordSsm(ssm: SSM): Promise<void> {
  await ssm.putParameter({ Name: '/a/b', Value: 'x', Type: 'String', Overwrite: true });
  await ssm.putParameter({ Name: '/a/list', Value: 'x,y', Type: 'StringList', AllowedPattern: '.*', Overwrite: true });
  await ssm.getParameter({ Name: '/a/b', WithDecryption: true });
  await ssm.getParameters({ Names: ['/a/b', '/a/none'] });
  await ssm.getParametersByPath({ Path: '/a', Recursive: true, MaxResults: 5 });
  await ssm.getParameterHistory({ Name: '/a/b' });
  await ssm.describeParameters({ ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/a'] }] });
  await ssm.addTagsToResource({ ResourceType: 'Parameter', ResourceId: '/a/b', Tags: [{ Key: 'k', Value: 'v' }] });
  await ssm.deleteParameters({ Names: ['/a/gone'] });
}

async function recordSecrets(secrets: SecretsManager): Promise<void> {
  const ClientRequestToken = '00000000-0000-4000-8000-000000000001';
  await secrets.createSecret({
    Name: 'token',
    SecretString: '{"a":1}',
    ClientRequestToken,
    Tags: [{ Key: 'k', Value: 'v' }],
  });
  await secrets.putSecretValue({ SecretId: 'token', SecretBinary: new Uint8Array([1]), VersionStages: ['NEXT'] });
  await secrets.getSecretValue({ SecretId: 'token', VersionStage: 'AWSCURRENT' });
  await secrets.updateSecret({ SecretId: 'token', Description: 'd' });
  await secrets.describeSecret({ SecretId: 'token' });
  await secrets.listSecrets({ Filters: [{ Key: 'name', Values: ['tok'] }], MaxResults: 3 });
  await secrets.listSecretVersionIds({ SecretId: 'token' });
  await secrets.getRandomPassword({ PasswordLength: 20, ExcludeCharacters: 'a', RequireEachIncludedType: true });
  const statement = { Effect: 'Allow', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*' };
  const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await secrets.putResourcePolicy({ SecretId: 'token', ResourcePolicy });
  await secrets.tagResource({ SecretId: 'token', Tags: [{ Key: 'k', Value: 'w' }] });
}

async function recordMonitoring(monitoring: CloudWatch): Promise<void> {
  const Dimensions = [{ Name: 'service', Value: 'checkout' }];
  const metric = { Namespace: 'slipway', MetricName: 'errors', Dimensions };
  const alarm = { ...metric, Statistic: 'Sum', Period: 60, EvaluationPeriods: 2, Threshold: 1 } as const;
  const window = { StartTime: new Date('2026-01-05T08:00:00Z'), EndTime: new Date('2026-01-05T10:00:00Z') };
  await monitoring.putMetricData({
    Namespace: 'slipway',
    MetricData: [
      { MetricName: 'errors', Dimensions, Value: 1, Unit: 'Count', Timestamp: new Date('2026-01-05T08:59:00Z') },
      { MetricName: 'sizes', Values: [1, 2], Counts: [3, 4] },
    ],
  });
  await monitoring.putMetricAlarm({ ...alarm, AlarmName: 'a', ComparisonOperator: 'GreaterThanThreshold' });
  await monitoring.putCompositeAlarm({ AlarmName: 'both', AlarmRule: 'ALARM("a") OR NOT OK("a")' });
  await monitoring.setAlarmState({ AlarmName: 'a', StateValue: 'ALARM', StateReason: 'test', StateReasonData: '{}' });
  await monitoring.describeAlarms({ AlarmNamePrefix: 'a', MaxRecords: 5 });
  await monitoring.describeAlarmHistory({ AlarmName: 'a' });
  await monitoring.listMetrics({ Namespace: 'slipway', Dimensions: [{ Name: 'service' }] });
  await monitoring.getMetricStatistics({ ...metric, ...window, Period: 60, Statistics: ['Sum'] });
  await monitoring.getMetricData({
    ...window,
    MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' } }],
  });
  await monitoring.putDashboard({ DashboardName: 'd', DashboardBody: '{"widgets":[]}' });
  await monitoring.disableAlarmActions({ AlarmNames: ['a'] });
}
