import { nextRun, parseScheduleExpression } from '../scheduler/schedule-expression.ts';
import type { Store } from '../../store/store.ts';
import type { CloudContext } from '../service-module.ts';
import { publishToTargets, serviceEvent } from './publish.ts';
import { eventTime } from './event.ts';
import type { Rule, Rules } from './rules.ts';

/** The timers of rules with a schedule expression. Their cron runs in UTC. */
export interface RuleSchedules {
  /** Arms the next run of a rule, or disarms it when it is disabled, gone or without a schedule. */
  arm(rule: Rule): void;
  disarm(rule: Rule): void;
  /** At start: what was missed while the cloud was off is skipped, and the person is told. */
  rearmAll(): void;
}

const kind = 'events.schedule';

/** Names the runner of scheduled rules. */
export function openRuleSchedules(rules: Rules, context: CloudContext): RuleSchedules {
  const next = (rule: Rule, afterMs: number): number | undefined => {
    const expression = parseScheduleExpression(rule.schedule ?? '', { strictUnits: true });
    return expression && nextRun(expression, { afterMs, anchorMs: rule.createdAtMs, timeZone: 'UTC' });
  };
  const armed = openArmedRuns(context.store);
  const disarm = (rule: Rule): void => {
    context.timers.cancel(timerId(rule));
    armed.forget(rule.name);
  };
  const arm = (rule: Rule): void => {
    const dueAtMs = rule.isEnabled && rule.schedule ? next(rule, context.clock.nowMs()) : undefined;
    if (dueAtMs === undefined) return disarm(rule);
    context.timers.schedule(kind, { name: rule.name }, { dueAtMs, id: timerId(rule) });
    armed.remember(rule.name, dueAtMs);
  };
  const rearm = (rule: Rule): void => {
    const missedAtMs = armed.of(rule.name);
    if (missedAtMs !== undefined && missedAtMs < context.clock.nowMs()) {
      context.report(
        `rule ${rule.name}: the run of ${eventTime(missedAtMs)} and later ones were missed and are skipped`,
      );
    }
    arm(rule);
  };
  context.timers.on(kind, (payload, timer) => {
    // Written only by arm.
    const { name } = payload as { name: string };
    context.store.transaction(() => {
      timer.complete();
      const rule = rules.find('default', name);
      if (!rule?.isEnabled || !rule.schedule) return;
      const event = serviceEvent(
        {
          source: 'aws.events',
          'detail-type': 'Scheduled Event',
          resources: [rule.arn],
          detail: {},
          time: eventTime(timer.dueAtMs),
        },
        context,
      );
      publishToTargets(event, rule, rules.targets(rule.bus, rule.name), context);
      arm(rule);
    });
  });
  return {
    arm,
    disarm,
    rearmAll: () => context.store.transaction(() => rules.scheduled().forEach((rule) => rearm(rule))),
  };
}

/** When each rule runs next, so that a start can tell what was missed. */
function openArmedRuns(store: Store) {
  return {
    of(rule: string): number | undefined {
      const row = store.statement('SELECT next_run_ms FROM events_armed_rules WHERE rule = ?').get(rule);
      return typeof row?.['next_run_ms'] === 'number' ? row['next_run_ms'] : undefined;
    },
    remember: (rule: string, nextRunMs: number): void =>
      void store
        .statement('INSERT OR REPLACE INTO events_armed_rules (rule, next_run_ms) VALUES (?, ?)')
        .run(rule, nextRunMs),
    forget: (rule: string): void => void store.statement('DELETE FROM events_armed_rules WHERE rule = ?').run(rule),
  };
}

function timerId(rule: Rule): string {
  return `events.schedule/${rule.name}`;
}
