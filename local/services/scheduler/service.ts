import * as schemas from '@aws-sdk/client-scheduler';
import type { Scheduler } from '@aws-sdk/client-scheduler';
import { defineService } from '../../gateway/service.ts';
import type { OpenService } from '../service-module.ts';
import { groupOperations } from './group-operations.ts';
import { openGroups } from './groups.ts';
import { runInvocations } from './invoke.ts';
import { schedulerPermissions } from './permissions.ts';
import { schedulerResources } from './resources.ts';
import { openRuns } from './runs.ts';
import { scheduleOperations } from './schedule-operations.ts';
import type { SchedulerState } from './scheduler-state.ts';
import { openSchedules } from './schedules.ts';

const migrations = [
  'CREATE TABLE scheduler_groups (name TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL) STRICT',
  `CREATE TABLE scheduler_schedules (group_name TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL, modified_at_ms INTEGER NOT NULL, next_run_ms INTEGER,
     PRIMARY KEY (group_name, name)) STRICT`,
];

/** EventBridge Scheduler: each schedule's next run is one durable timer, each invocation another. */
export const openScheduler: OpenService = (context) => {
  context.store.migrate('scheduler', migrations);
  const place = { account: context.account, region: context.region, nowMs: () => context.clock.nowMs() };
  const schedules = openSchedules(context.store, place);
  const groups = openGroups(context.store, place);
  const runs = openRuns(schedules, context);
  runInvocations(context);
  const state: SchedulerState = { context, schedules, groups, runs };
  return {
    api: defineService<Scheduler>({
      name: 'scheduler',
      schemas,
      protocol: { kind: 'rest-json' },
      operations: { ...scheduleOperations(state), ...groupOperations(state) },
    }),
    permissions: schedulerPermissions(context),
    resources: schedulerResources(state),
    start: () => runs.rearmAll(),
  };
};
