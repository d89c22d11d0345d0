import * as sdk from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPrefixedHost } from '../../../local/services/lambda/worker/prefixed-host.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';
import { definitionOf, openStatesCloud, roleArn } from './states-cloud.ts';

let cloud: TestCloud;
let server: GatewayOverHttp;
let client: sdk.SFNClient;

beforeAll(async () => {
  cloud = await openStatesCloud();
  const api = cloud.context.gateway.describe('states');
  if (!api) throw new Error('Step Functions is not open');
  server = await gatewayOverHttp([api], { clock: cloud.clock });
  client = new sdk.SFNClient(server.client);
});

afterAll(async () => {
  client.destroy();
  await server.close();
  await cloud.close();
});

type Send = (command: unknown) => Promise<object>;

// Commands are looked up by name below, so the client cannot tell their types.
const send: Send = (command) => client.send(command as never);

const definition = definitionOf({ Wait: { Type: 'Wait', Seconds: 3_600, End: true } });
const failing = definitionOf({ Stop: { Type: 'Fail' } });
const activityArn = 'arn:aws:states:us-east-1:123456789012:activity:work';
const mapRunArn = 'arn:aws:states:us-east-1:123456789012:mapRun:machine/each:1';

/** What is there for every command to name. */
async function world() {
  const make = (name: string, more: object) =>
    client.send(new sdk.CreateStateMachineCommand({ name, definition, roleArn, ...more }));
  const { stateMachineArn: machine } = await make('standard', {});
  const { stateMachineArn: quick } = await make('quick', { type: 'EXPRESS', definition: failing });
  const { stateMachineArn: broken } = await make('broken', { definition: failing });
  const { stateMachineVersionArn: version } = await client.send(
    new sdk.PublishStateMachineVersionCommand({ stateMachineArn: machine }),
  );
  const route = { stateMachineVersionArn: version, weight: 100 };
  const { stateMachineAliasArn: alias } = await client.send(
    new sdk.CreateStateMachineAliasCommand({ name: 'live', routingConfiguration: [route] }),
  );
  const { executionArn: running } = await client.send(new sdk.StartExecutionCommand({ stateMachineArn: machine }));
  const { executionArn: failed } = await client.send(new sdk.StartExecutionCommand({ stateMachineArn: broken }));
  await cloud.timers.settled();
  return { machine, quick, version, route, alias, running, failed };
}

/** For each operation an input, and for a refused one the name of its error. */
async function inputs(): Promise<Record<string, [input: object, refusal?: string]>> {
  const { machine, quick, route, alias, running, failed, version } = await world();
  const ofMachine = { stateMachineArn: machine };
  const token = { taskToken: 'x' };
  return {
    CreateStateMachine: [{ name: 'other', definition, roleArn }],
    UpdateStateMachine: [{ ...ofMachine, definition: failing }],
    DescribeStateMachine: [ofMachine],
    ListStateMachines: [{}],
    ValidateStateMachineDefinition: [{ definition }],
    PublishStateMachineVersion: [ofMachine],
    ListStateMachineVersions: [ofMachine],
    CreateStateMachineAlias: [{ name: 'next', routingConfiguration: [route] }],
    UpdateStateMachineAlias: [{ stateMachineAliasArn: alias, description: 'for all' }],
    DescribeStateMachineAlias: [{ stateMachineAliasArn: alias }],
    ListStateMachineAliases: [ofMachine],
    StartExecution: [ofMachine],
    StartSyncExecution: [{ stateMachineArn: quick }],
    DescribeExecution: [{ executionArn: running }],
    DescribeStateMachineForExecution: [{ executionArn: running }],
    GetExecutionHistory: [{ executionArn: running }],
    ListExecutions: [ofMachine],
    RedriveExecution: [{ executionArn: failed }],
    StopExecution: [{ executionArn: running }],
    SendTaskSuccess: [{ ...token, output: '{}' }, 'InvalidToken'],
    SendTaskFailure: [token, 'InvalidToken'],
    SendTaskHeartbeat: [token, 'InvalidToken'],
    TagResource: [{ resourceArn: machine, tags: [{ key: 'team', value: 'web' }] }],
    ListTagsForResource: [{ resourceArn: machine }],
    UntagResource: [{ resourceArn: machine, tagKeys: ['team'] }],
    DeleteStateMachineAlias: [{ stateMachineAliasArn: alias }],
    DeleteStateMachineVersion: [{ stateMachineVersionArn: version }, 'ConflictException'],
    DeleteStateMachine: [ofMachine],
    TestState: [{ definition: '{"Type":"Succeed"}' }, 'NotImplemented'],
    CreateActivity: [{ name: 'work' }, 'NotImplemented'],
    DescribeActivity: [{ activityArn }, 'NotImplemented'],
    DeleteActivity: [{ activityArn }, 'NotImplemented'],
    ListActivities: [{}, 'NotImplemented'],
    GetActivityTask: [{ activityArn }, 'NotImplemented'],
    DescribeMapRun: [{ mapRunArn }, 'NotImplemented'],
    ListMapRuns: [{ executionArn: running }, 'NotImplemented'],
    UpdateMapRun: [{ mapRunArn }, 'NotImplemented'],
  };
}

const operations = Object.keys(sdk)
  .filter((name) => name.endsWith('Command') && name !== '$Command')
  .map((name) => name.replace(/Command$/, ''));

describe('every operation of the SDK client', () => {
  it('[states.operations.all] is answered, or refused by a name that says why', async () => {
    findPrefixedHost(server.endpoint);
    const given = await inputs();
    expect(Object.keys(given).toSorted()).toEqual(operations.toSorted());
    for (const [operation, [input, refusal]] of Object.entries(given)) {
      const Command = Reflect.get(sdk, `${operation}Command`) as new (input: object) => unknown;
      const answer = await send(new Command(input)).catch((error: Error) => error);
      const name = answer instanceof Error ? answer.name : undefined;
      expect([operation, name]).toEqual([operation, refusal]);
      if (refusal === 'NotImplemented') expect(String(answer)).toContain('is not supported locally');
    }
    expect(server.reported).toEqual([]);
  });

  it('[states.express.host-prefix] finds StartSyncExecution behind its host prefix, and without it', async () => {
    const { stateMachineArn } = await client.send(
      new sdk.CreateStateMachineCommand({ name: 'prefixed', type: 'EXPRESS', definition: failing, roleArn }),
    );
    const plain = new sdk.SFNClient({ ...server.client, disableHostPrefix: true });
    for (const each of [client, plain]) {
      expect(await each.send(new sdk.StartSyncExecutionCommand({ stateMachineArn }))).toMatchObject({
        status: 'FAILED',
        billingDetails: { billedMemoryUsedInMB: 64 },
      });
    }
    plain.destroy();
  });
});
