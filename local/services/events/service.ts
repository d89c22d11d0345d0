import * as schemas from '@aws-sdk/client-eventbridge';
import type { EventBridge } from '@aws-sdk/client-eventbridge';
import { defineService } from '../../gateway/service.ts';
import type { CloudContext, ServiceEvent, ServiceModule } from '../service-module.ts';
import { busOperations } from './bus-operations.ts';
import { openBuses } from './buses.ts';
import { runDeliveries } from './deliver.ts';
import type { BusEvent } from './event.ts';
import type { EventsState } from './events-state.ts';
import { eventsPermissions } from './permissions.ts';
import { publish, serviceEvent } from './publish.ts';
import { putEvents } from './put-events.ts';
import { eventsResources } from './resources.ts';
import { ruleOperations } from './rule-operations.ts';
import { openRuleSchedules } from './rule-schedules.ts';
import { openRules } from './rules.ts';

/** EventBridge, with the way in for events that AWS services send. */
export interface EventsModule extends ServiceModule {
  /** Puts an event of an AWS service on the default bus, in the open transaction if there is one. */
  deliverEvent(event: ServiceEvent): void;
}

const migrations = [
  `CREATE TABLE events_buses (name TEXT PRIMARY KEY, description TEXT, policy TEXT, created_at_ms INTEGER NOT NULL,
     modified_at_ms INTEGER NOT NULL) STRICT`,
  `CREATE TABLE events_rules (bus TEXT NOT NULL, name TEXT NOT NULL, pattern TEXT, schedule TEXT,
     is_enabled INTEGER NOT NULL, description TEXT, role_arn TEXT, created_at_ms INTEGER NOT NULL,
     PRIMARY KEY (bus, name)) STRICT`,
  `CREATE TABLE events_targets (bus TEXT NOT NULL, rule TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL,
     UNIQUE (bus, rule, id)) STRICT`,
  'CREATE TABLE events_armed_rules (rule TEXT PRIMARY KEY, next_run_ms INTEGER NOT NULL) STRICT',
];

/** EventBridge: buses, rules and their deliveries, each a durable timer of its own. */
export function openEvents(context: CloudContext): EventsModule {
  context.store.migrate('events', migrations);
  const place = { account: context.account, region: context.region, nowMs: () => context.clock.nowMs() };
  const buses = openBuses(context.store, place);
  const rules = openRules(context.store, place);
  const schedules = openRuleSchedules(rules, context);
  const put = (event: BusEvent, bus: string): void => publish(event, bus, rules, context);
  const state: EventsState = { context, buses, rules, schedules, publish: put };
  runDeliveries({ context, buses, republish: put });
  return {
    api: defineService<EventBridge>({
      name: 'events',
      schemas,
      protocol: { kind: 'json', version: '1.1' },
      operations: {
        ...busOperations(state),
        ...ruleOperations(state),
        PutEvents: (input) => putEvents(input, state),
      },
    }),
    permissions: eventsPermissions(context),
    resourcePolicy: (arn) => (arn.includes(':event-bus/') ? buses.find(arn)?.policy : undefined),
    resources: eventsResources(state),
    deliverEvent: (event) => put(serviceEvent(event, context), 'default'),
    start: () => schedules.rearmAll(),
  };
}
