import type { EventBridge } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { isJsonObject, type Json } from '../../json.ts';
import { busName } from './buses.ts';
import type { EventsState } from './events-state.ts';
import { pageOf } from './paging.ts';
import { compilePattern } from './pattern/compile.ts';
import { flattenEvent } from './pattern/flatten.ts';
import { matchesPattern } from './pattern/match.ts';
import { deleteRule, putRule, switchRule } from './put-rule.ts';
import { putTargets } from './put-targets.ts';
import type { Rule } from './rules.ts';

/** Operations on rules and their targets. */
export function ruleOperations(state: EventsState): Operations<EventBridge> {
  const { rules } = state;
  return {
    PutRule: (input) => ({ RuleArn: putRule(input, state).arn }),
    DescribeRule: (input) => describe(ruleOf(input, state)),
    DeleteRule(input) {
      const rule = rules.find(bus(input, state), input.Name ?? '');
      if (rule) deleteRule(rule, state);
      return {};
    },
    ListRules(input) {
      const { items, token } = pageOf(rules.list(bus(input, state), input.NamePrefix ?? ''), input);
      return { Rules: items.map((rule) => describe(rule)), ...token };
    },
    EnableRule: (input) => (switchRule(ruleOf(input, state), true, state), {}),
    DisableRule: (input) => (switchRule(ruleOf(input, state), false, state), {}),
    PutTargets(input) {
      putTargets(rules.get(bus(input, state), input.Rule ?? ''), input.Targets ?? [], state);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets(input) {
      const rule = rules.get(bus(input, state), input.Rule ?? '');
      for (const id of input.Ids ?? []) rules.deleteTarget(rule.bus, rule.name, id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule(input) {
      const rule = rules.get(bus(input, state), input.Rule ?? '');
      const { items, token } = pageOf(rules.targets(rule.bus, rule.name), input);
      return { Targets: items, ...token };
    },
    ListRuleNamesByTarget(input) {
      const own = rules.list(bus(input, state));
      const using = own.filter((rule) =>
        rules.targets(rule.bus, rule.name).some(({ Arn: arn }) => arn === input.TargetArn),
      );
      const { items, token } = pageOf(using, input);
      return { RuleNames: items.map(({ name }) => name), ...token };
    },
    TestEventPattern: (input) => ({
      Result: matchesPattern(compilePattern(input.EventPattern ?? ''), flattenEvent(parseEvent(input.Event ?? ''))),
    }),
  };
}

function bus(input: { EventBusName?: string | undefined }, state: EventsState): string {
  return state.buses.get(busName(input.EventBusName)).name;
}

function ruleOf(input: { Name?: string | undefined; EventBusName?: string | undefined }, state: EventsState): Rule {
  return state.rules.get(bus(input, state), input.Name ?? '');
}

function describe(rule: Rule) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    ScheduleExpression: rule.schedule,
    State: rule.isEnabled ? ('ENABLED' as const) : ('DISABLED' as const),
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.bus,
  };
}

const mandatory = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** An event for TestEventPattern must carry the documented fields. */
function parseEvent(text: string): Json {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw new AwsError('ValidationException', 'Parameter Event is not valid.');
  }
  const missing = isJsonObject(event) ? mandatory.find((name) => !(name in (event as object))) : 'object';
  if (!isJsonObject(event) || missing) {
    throw new AwsError('ValidationException', `Parameter Event is not valid. Reason: ${missing} is missing.`);
  }
  return event;
}
