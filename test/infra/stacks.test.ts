import { describe, expect, it } from 'vitest';
import { functionEntries } from '../../infra/bundle.ts';
import { triggerDeclarations } from '../../shared/triggers/registry.ts';
import { ofType, synthesizedStacks, target } from './synthesized.ts';

const { data, engine, checkout } = synthesizedStacks();
const all = { ...data, ...engine, ...checkout };
const functions = ofType(all, 'AWS::Lambda::Function');
const alarms = ofType(all, 'AWS::CloudWatch::Alarm').map(([, { Properties: properties }]) => properties);

/** Alarms on one metric whose dimensions hold these values (`Ref`s by logical id). */
function alarmsOn(namespace: string, metric: string, dimensions: Record<string, string>) {
  return alarms.filter(
    ({ Namespace: space, MetricName: name, Dimensions: given }) =>
      space === namespace &&
      name === metric &&
      Object.entries(dimensions).every(([dimension, value]) =>
        given.some((one: { Name: string; Value: unknown }) => one.Name === dimension && refOrText(one.Value) === value),
      ),
  );
}

function refOrText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const [, ofQueue] = /"Fn::GetAtt":\["(\w+)","QueueName"\]/.exec(JSON.stringify(value)) ?? [];
  return ofQueue ?? target(value);
}

describe('every function', () => {
  it('is one of the files in functions/, and each file is one', () => {
    const tagged = functions.map(
      ([
        ,
        {
          Properties: { Tags: tags },
        },
      ]) => tags[0].Value,
    );
    expect(tagged.toSorted()).toEqual(
      functionEntries()
        .map(({ bundle }) => bundle)
        .toSorted(),
    );
  });

  it.each(functions)('%s runs Node 24 on arm64, traced', (_, { Properties: properties }) => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      Handler: 'index.handler',
    });
  });

  it.each(functions)('%s has a log group of its own that forgets', (_, { Properties: properties }) => {
    const group = all[target(properties['LoggingConfig'].LogGroup) ?? ''];
    expect(group).toMatchObject({ Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } });
  });

  it('that an event calls leaves what failed after all retries in a queue', () => {
    const called = ofType(all, 'AWS::Events::Rule').flatMap(([, rule]) =>
      rule.Properties['Targets'].map(({ Arn: arn }: { Arn: unknown }) => target(arn) ?? ''),
    );
    const kept = ofType(all, 'AWS::Lambda::EventInvokeConfig')
      .filter(
        ([, config]) =>
          all[target(config.Properties['DestinationConfig']?.OnFailure.Destination) ?? '']?.Type === 'AWS::SQS::Queue',
      )
      .map(([, config]) => target(config.Properties['FunctionName']));
    const hearing = functions.map(([id]) => id).filter((id) => called.includes(id));
    expect(hearing.length).toBeGreaterThanOrEqual(5);
    expect(hearing.filter((id) => !kept.includes(id))).toEqual([]);
  });

  it('has a role and a log group that it shares with nobody', () => {
    const roles = functions.map(
      ([
        ,
        {
          Properties: { Role: role },
        },
      ]) => target(role),
    );
    const groups = functions.map(
      ([
        ,
        {
          Properties: { LoggingConfig: logging },
        },
      ]) => target(logging.LogGroup),
    );
    expect(new Set(roles).size).toBe(functions.length);
    expect(new Set(groups).size).toBe(functions.length);
  });

  it.each(functions)('%s rings when it fails and when it is throttled', (id) => {
    expect(alarmsOn('AWS/Lambda', 'Errors', { FunctionName: id })).toHaveLength(1);
    expect(alarmsOn('AWS/Lambda', 'Throttles', { FunctionName: id })).toHaveLength(1);
  });
});

describe('deliveries', () => {
  const targets = ofType(all, 'AWS::Events::Rule').flatMap(
    ([
      id,
      {
        Properties: { Targets: list },
      },
    ]) => list.map((one: Record<string, unknown>) => [id, one] as const),
  );

  it('are made by rules', () => {
    expect(targets.length).toBeGreaterThanOrEqual(5);
  });

  it.each(targets)(
    'of rule %s that fail are kept in a queue, after bounded retries',
    (_, { DeadLetterConfig, RetryPolicy }) => {
      expect(all[target(DeadLetterConfig.Arn) ?? '']).toMatchObject({ Type: 'AWS::SQS::Queue' });
      expect(RetryPolicy.MaximumEventAgeInSeconds).toBeLessThanOrEqual(86_400);
    },
  );

  it.each(ofType(all, 'AWS::Scheduler::Schedule'))('of schedule %s that fail are kept in a queue', (_, schedule) => {
    const { DeadLetterConfig: deadLetters, Input: input } = schedule.Properties['Target'];
    expect(all[target(deadLetters.Arn) ?? '']).toMatchObject({ Type: 'AWS::SQS::Queue' });
    expect(JSON.parse(input)).toMatchObject({ cause: { scheduledAt: '<aws.scheduler.scheduled-time>' } });
  });

  it.each(ofType(all, 'AWS::SNS::Subscription'))(
    'of subscription %s that fail are kept in a queue',
    (_, subscription) => {
      expect(subscription.Properties['RedrivePolicy']).toHaveProperty('deadLetterTargetArn');
    },
  );

  it.each(ofType(all, 'AWS::SQS::Queue'))('that are kept in %s ring', (id) => {
    expect(alarmsOn('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: id })).toHaveLength(1);
  });

  it.each(ofType(all, 'AWS::SQS::Queue'))('are kept in %s for 14 days, encrypted', (_, { Properties: properties }) => {
    expect(properties['MessageRetentionPeriod']).toBe(14 * 86_400);
    expect(properties).toHaveProperty('KmsMasterKeyId');
  });
});

describe('the table', () => {
  const [[id, table] = []] = ofType(data, 'AWS::DynamoDB::Table');

  it('keeps its logical id: another one is another table, and an empty one', () => {
    expect(ofType(data, 'AWS::DynamoDB::Table')).toHaveLength(1);
    expect(id).toBe('TableCD117FA1');
  });

  it('outlives its stack and can be wound back', () => {
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'expiresAtEpochSeconds', Enabled: true },
      },
    });
  });

  it.each(['AWS::KMS::Key', 'AWS::SNS::Topic', 'AWS::SecretsManager::Secret'])('is kept with every %s', (type) => {
    const kept = ofType(data, type).map(([, { DeletionPolicy, UpdateReplacePolicy }]) => [
      DeletionPolicy,
      UpdateReplacePolicy,
    ]);
    expect(kept.length).toBeGreaterThan(0);
    for (const policies of kept) expect(policies).toEqual(['Retain', 'Retain']);
  });
});

describe('alarms', () => {
  it('tell the operations topic, and nothing else', () => {
    const actions = alarms.map(({ AlarmActions: told }) => JSON.stringify(told));
    expect(new Set(actions).size).toBe(1);
    expect(actions[0]).toContain('OperationsTopic');
  });

  it.each(['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'])('ring for %s', (metric) => {
    const [[machine = ''] = []] = ofType(engine, 'AWS::StepFunctions::StateMachine');
    expect(alarmsOn('AWS/States', metric, { StateMachineArn: machine })).toHaveLength(1);
  });

  it.each(triggerDeclarations)('ring for refused and failing webhooks of $id', ({ route }) => {
    const [method = '', path = ''] = route.split(' ');
    const dimensions = { Method: method, Resource: path, Stage: '$default' };
    expect(alarmsOn('AWS/ApiGateway', '4xx', dimensions)).toHaveLength(1);
    expect(alarmsOn('AWS/ApiGateway', '5xx', dimensions)).toHaveLength(1);
  });

  it('have a metric to read: the stage measures every route', () => {
    const [[, stage] = []] = ofType(engine, 'AWS::ApiGatewayV2::Stage');
    expect(stage?.Properties['DefaultRouteSettings']).toMatchObject({ DetailedMetricsEnabled: true });
  });
});

describe('the API', () => {
  const [[, stage] = []] = ofType(engine, 'AWS::ApiGatewayV2::Stage');
  const routes = ofType(engine, 'AWS::ApiGatewayV2::Route').map(([, { Properties: properties }]) => properties);

  it('throttles every route by a limit of its own', () => {
    const settings: Record<string, unknown> = stage?.Properties['RouteSettings'];
    expect(Object.keys(settings).toSorted()).toEqual(routes.map(({ RouteKey: key }) => key).toSorted());
    for (const limit of Object.values(settings)) {
      expect(limit).toEqual({
        ThrottlingRateLimit: expect.any(Number),
        ThrottlingBurstLimit: expect.any(Number),
        DetailedMetricsEnabled: true,
      });
    }
  });

  it('logs by route key, and neither path nor query nor header', () => {
    const format: string = stage?.Properties['AccessLogSettings'].Format;
    expect(JSON.parse(format)).toHaveProperty('routeKey', '$context.routeKey');
    expect(format).not.toMatch(/\$context\.(path|httpMethod|requestOverride)|\$request|header|query/i);
  });

  it('asks its authorizer every time: a token that was revoked is refused at once', () => {
    const [[, authorizer] = []] = ofType(engine, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer?.Properties).toMatchObject({
      AuthorizerResultTtlInSeconds: 0,
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
    });
  });

  it('lets nobody in without the authorizer but the senders of webhooks', () => {
    const open = routes.filter(({ AuthorizationType: type }) => type !== 'CUSTOM').map(({ RouteKey: key }) => key);
    expect(open).toEqual(triggerDeclarations.map(({ route }) => route));
  });
});
