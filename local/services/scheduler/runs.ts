import { createHash, randomUUID } from 'node:crypto';
import { eventTime } from '../events/event.ts';
import type { CloudContext } from '../service-module.ts';
import { scheduleInvocation } from './invoke.ts';
import { nextRun, parseScheduleExpression } from './schedule-expression.ts';
import type { Schedule } from './schedule.ts';
import type { Schedules } from './schedules.ts';

/** The timers that begin runs. */
export interface Runs {
  /** Arms the next run of a schedule, or none. */
  arm(schedule: Schedule): void;
  disarm(schedule: Schedule): void;
  /** At start: repeated runs that were missed while the cloud was off are skipped, and the person is told. */
  rearmAll(): void;
}

const kind = 'scheduler.run';

/** Names the runner of schedules. */
export function openRuns(schedules: Schedules, context: CloudContext): Runs {
  const { timers, store, clock } = context;
  const disarm = (schedule: Schedule): void => {
    timers.cancel(timerId(schedule));
    schedules.setNextRun(schedule, undefined);
  };
  const armAfter = (schedule: Schedule, afterMs: number): boolean => {
    const runMs = schedule.definition.isEnabled ? nextRunOf(schedule, afterMs) : undefined;
    if (runMs === undefined) {
      disarm(schedule);
      return false;
    }
    const { group, name } = schedule;
    const dueAtMs = runMs + delayInWindow(schedule, runMs);
    timers.schedule(kind, { group, name, runMs }, { dueAtMs, id: timerId(schedule) });
    schedules.setNextRun(schedule, runMs);
    return true;
  };
  timers.on(kind, (payload, timer) => {
    // Written only by armAfter.
    const { group, name, runMs } = payload as { group: string; name: string; runMs: number };
    store.transaction(() => {
      timer.complete();
      const schedule = schedules.find(group, name);
      if (!schedule?.definition.isEnabled) return;
      const { arn, definition } = schedule;
      scheduleInvocation(
        {
          id: randomUUID(),
          arn,
          target: definition.target,
          scheduledAtMs: runMs,
          firstAtMs: clock.nowMs(),
          retries: 0,
        },
        clock.nowMs(),
        context,
      );
      const isGoingOn = armAfter(schedule, runMs);
      if (!isGoingOn && definition.isDeletedWhenDone) schedules.delete(schedule);
    });
  });
  const rearm = (schedule: Schedule): void => {
    const { nextRunMs } = schedule;
    if (nextRunMs !== undefined && nextRunMs + delayInWindow(schedule, nextRunMs) >= clock.nowMs()) return;
    // A single run has no next one to wait for: its timer is due still, and it comes late.
    if (nextRunMs !== undefined && isOnce(schedule)) return;
    if (nextRunMs !== undefined) {
      context.report(
        `schedule ${schedule.name}: the run of ${eventTime(nextRunMs)} was missed while the local cloud was off; ` +
          'runs missed are skipped',
      );
    }
    armAfter(schedule, clock.nowMs());
  };
  return {
    arm: (schedule) => void armAfter(schedule, clock.nowMs()),
    disarm,
    rearmAll: () => store.transaction(() => schedules.list().forEach((schedule) => rearm(schedule))),
  };
}

/** The first run after a time that lies between StartDate and EndDate; these do not bind `at`. */
function nextRunOf(schedule: Schedule, afterMs: number): number | undefined {
  const { definition, createdAtMs } = schedule;
  const { startAt, endAt, timeZone } = definition;
  const expression = parseScheduleExpression(definition.expression, { strictUnits: false });
  if (!expression) return undefined;
  if (expression.kind === 'at') return nextRun(expression, { afterMs, anchorMs: createdAtMs, timeZone });
  const startMs = startAt === undefined ? undefined : Date.parse(startAt);
  const anchorMs = startMs ?? createdAtMs;
  const fromMs = Math.max(afterMs, (startMs ?? 0) - 1);
  const runMs = nextRun(expression, { afterMs: fromMs, anchorMs, timeZone });
  return runMs !== undefined && (endAt === undefined || runMs <= Date.parse(endAt)) ? runMs : undefined;
}

function isOnce({ definition }: Schedule): boolean {
  return parseScheduleExpression(definition.expression, { strictUnits: false })?.kind === 'at';
}

/** A place in the flexible window that is the same at every start. */
function delayInWindow({ arn, definition }: Schedule, runMs: number): number {
  const windowMs = definition.windowMinutes * 60_000;
  if (windowMs === 0) return 0;
  const digest = createHash('sha256').update(`${arn}/${runMs}`).digest();
  return digest.readUInt32BE(0) % windowMs;
}

function timerId({ group, name }: Schedule): string {
  return `scheduler.run/${group}/${name}`;
}
