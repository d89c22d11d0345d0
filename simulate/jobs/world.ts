import { readFileSync } from 'node:fs';
import * as codePipelineSchemas from '@aws-sdk/client-codepipeline';
import type { CloudClock } from '../../local/clock/clock.ts';
import { AwsError } from '../../local/errors.ts';
import { servicePrincipal } from '../../local/gateway/principal.ts';
import { defineService, type ServiceApi } from '../../local/gateway/service.ts';
import { openDynamoDb } from '../../local/services/dynamodb/service.ts';
import type { CloudContext, ServiceEvent, ServiceModule } from '../../local/services/service-module.ts';
import { openStates } from '../../local/services/states/service.ts';
import { openStore, type Store } from '../../local/store/store.ts';
import { account, machineArn, tableName } from './handlers.ts';
import { seededTimers } from './seeded-timers.ts';
import type { Turns } from './turns.ts';

/** The services of one run: tables and workflows are the local cloud's own, and `others` stands for the rest. */
export interface World {
  readonly store: Store;
  handle(service: string, operation: string, input: object): Promise<unknown>;
}

/** What a world is made of. */
export interface WorldOptions {
  readonly turns: Turns;
  readonly clock: CloudClock;
  readonly report: (line: string) => void;
  /** What the services tell the default bus. */
  readonly hear: (event: ServiceEvent) => void;
  /** Makes a call that a workflow makes, which may fail. */
  readonly fromWorkflow: (make: () => Promise<unknown>) => Promise<unknown>;
  /** Services that are not the local cloud's. */
  readonly others: (service: string, operation: string, input: object) => unknown;
}

/** Calls to these are described to the interpreter, and answered by the run. */
const codePipeline: ServiceApi = defineService({
  name: 'codepipeline',
  schemas: codePipelineSchemas,
  protocol: { kind: 'json', version: '1.1' },
  operations: {},
});

const definition = readFileSync(new URL('../../state-machines/job.asl.json', import.meta.url), 'utf8');

/** Opens the services with the table and the workflow of long jobs. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { clock, turns } = options;
  const store = openStore(':memory:');
  const modules: ServiceModule[] = [];
  const apiOf = (service: string): ServiceApi | undefined =>
    service === 'codepipeline' ? codePipeline : modules.find(({ api }) => api?.name === service)?.api;
  const handle: World['handle'] = async (service, operation, input) => {
    const handler = apiOf(service)?.operations[operation];
    const principal = servicePrincipal('simulation.amazonaws.com');
    // Callers pass what the operation's own type asks for.
    if (handler) return handler(input as never, { principal, requestId: 'simulated' });
    return options.others(service, operation, input);
  };
  const context: CloudContext = {
    ...{ account, region: 'us-east-1', folder: '/nowhere', endpoint: 'http://127.0.0.1:1' },
    ...{ store, clock, timers: seededTimers(turns, store, clock) },
    gateway: {
      describe: apiOf,
      handle: ({ service, operation, input }) =>
        options.fromWorkflow(() => handle(service, operation, input as object)), // the interpreter passes objects
    },
    credentials: {
      issue: () => {
        throw new AwsError('AccessDenied', 'nobody gets credentials here');
      },
      find: () => undefined,
    },
    putMetrics: () => undefined,
    deliverEvent: (event) => store.afterCommit(() => options.hear(event)),
    report: options.report,
  };
  modules.push(openDynamoDb(context), openStates(context));
  for (const module of modules) await module.start?.();
  await handle('dynamodb', 'CreateTable', tableDefinition);
  await handle('states', 'CreateStateMachine', {
    name: machineArn.split(':').at(-1),
    roleArn: `arn:aws:iam::${account}:role/job`,
    definition: definition.replaceAll('${TableName}', tableName),
  });
  return { store, handle };
}

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

/** The table as infra/data-stack.ts makes it. */
const tableDefinition = {
  TableName: tableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'gsi1', KeySchema: keySchema('gsi1pk', 'gsi1sk'), Projection: { ProjectionType: 'ALL' } },
  ],
};
