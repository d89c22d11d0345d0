import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { OwnAlarms } from '../constructs/alarms.ts';
import { allow, SlipwayFunction, type MakeFunction } from '../constructs/function.ts';
import { grantsOf, servicesPrefix, type Grants } from '../constructs/grants.ts';
import { DeadLetterQueue } from '../constructs/queue.ts';
import type { DataStack } from '../data-stack.ts';

/** What every part of the engine is built on. */
export interface Foundation {
  /** Where the parts stand; the names of all of them are made of it. */
  readonly stack: Stack;
  readonly data: DataStack;
  readonly bus: EventBus;
  readonly alarms: OwnAlarms;
  readonly deadEvents: DeadLetterQueue;
  readonly deadInvocations: DeadLetterQueue;
  /** The release workflow, written out: it calls functions that resume its tasks. */
  readonly releaseMachine: { readonly name: string; readonly arn: string };
  readonly grants: Grants & { readonly resumeReleases: PolicyStatement };
  /** Environment of functions, by what it tells of. */
  readonly environments: Readonly<Record<'table' | 'bus' | 'services', Record<string, string>>>;
  /** The functions that were made, by bundle. */
  readonly functions: ReadonlyMap<string, SlipwayFunction>;
  /** Makes one of the engine's functions. */
  readonly makeFunction: MakeFunction;
}

/** Lays the engine's foundation in its stack. */
export function layFoundation(stack: Stack, data: DataStack): Foundation {
  const alarms = new OwnAlarms(stack, 'Alarms', { topic: data.operationsTopic });
  const deadLetters = (id: string): DeadLetterQueue => new DeadLetterQueue(stack, id, { encryptionKey: data.key });
  const deadEvents = deadLetters('DeadEvents');
  const deadInvocations = deadLetters('DeadInvocations');
  const bus = new EventBus(stack, 'Bus', {
    eventBusName: `${stack.stackName}-Bus`,
    description: 'Slipway: everything that happens',
  });
  const name = `${stack.stackName}-Release`;
  const arn = stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const functions = new Map<string, SlipwayFunction>();
  return {
    ...{ stack, data, bus, alarms, deadEvents, deadInvocations, functions },
    releaseMachine: { name, arn },
    grants: {
      ...grantsOf(stack, { table: data.table, key: data.key, bus }),
      resumeReleases: allow(['states:SendTaskSuccess'], [arn]),
    },
    environments: {
      table: { SLIPWAY_TABLE: data.table.tableName },
      bus: { SLIPWAY_BUS: bus.eventBusName },
      services: { SLIPWAY_SERVICES_PREFIX: servicesPrefix },
    },
    makeFunction(bundle, description, props) {
      const created = new SlipwayFunction(stack, capitalized(bundle), { bundle, description, ...props });
      functions.set(bundle, created);
      return created;
    },
  };
}

/** `releases-acquire-slot` as a construct id: `ReleasesAcquireSlot`. */
export function capitalized(id: string): string {
  return id.replace(/(^|-)([a-z])/g, (_match, _dash: string, letter: string) => letter.toUpperCase());
}
