import { AwsError } from '../../errors.ts';
import { parseScheduleExpression } from '../scheduler/schedule-expression.ts';
import { busName } from './buses.ts';
import type { EventsState } from './events-state.ts';
import { compilePattern } from './pattern/compile.ts';
import type { Rule } from './rules.ts';

/** A rule as PutRule and the template ask for it. */
export interface RuleRequest {
  readonly Name?: string | undefined;
  readonly EventBusName?: string | undefined;
  readonly EventPattern?: string | undefined;
  readonly ScheduleExpression?: string | undefined;
  readonly State?: string | undefined;
  readonly Description?: string | undefined;
  readonly RoleArn?: string | undefined;
}

const states = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];

/** Makes or replaces a rule; its targets stay. @throws AwsError ValidationException, InvalidEventPatternException */
export function putRule(request: RuleRequest, state: EventsState): Rule {
  const name = request.Name ?? '';
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) throw invalid(`Parameter Name is not valid: ${name}`);
  const bus = state.buses.get(busName(request.EventBusName));
  const { EventPattern: pattern, ScheduleExpression: schedule, State: wanted = 'ENABLED' } = request;
  if (!states.includes(wanted)) throw invalid(`Parameter State is not valid; allowed: ${states.join(', ')}`);
  if (!pattern && !schedule) throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (pattern) checkPattern(pattern);
  if (schedule) checkSchedule(schedule, bus.name);
  return state.context.store.transaction(() => {
    const rule = state.rules.save({
      bus: bus.name,
      name,
      pattern,
      schedule,
      isEnabled: wanted !== 'DISABLED',
      description: request.Description,
      roleArn: request.RoleArn,
    });
    if (bus.name === 'default') state.schedules.arm(rule);
    return rule;
  });
}

function checkPattern(pattern: string): void {
  if (pattern.length > 4096) throw invalid('Parameter EventPattern is longer than 4096 characters.');
  compilePattern(pattern);
}

function checkSchedule(schedule: string, bus: string): void {
  if (bus !== 'default') throw invalid('ScheduleExpression is supported only on the default event bus.');
  const expression = parseScheduleExpression(schedule, { strictUnits: true });
  if (!expression || expression.kind === 'at') throw invalid('Parameter ScheduleExpression is not valid.');
}

/** Switches a rule on or off. */
export function switchRule(rule: Rule, isEnabled: boolean, state: EventsState): void {
  state.context.store.transaction(() => {
    const saved = state.rules.save({ ...rule, isEnabled });
    if (rule.bus === 'default') state.schedules.arm(saved);
  });
}

/** Deletes a rule that has no targets. @throws AwsError ValidationException if it has */
export function deleteRule(rule: Rule, state: EventsState): void {
  if (state.rules.targets(rule.bus, rule.name).length > 0) throw invalid("Rule can't be deleted since it has targets.");
  state.context.store.transaction(() => {
    state.schedules.disarm(rule);
    state.rules.delete(rule.bus, rule.name);
  });
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
