import type { Target } from '@aws-sdk/client-eventbridge';
import type { JsonObject } from '../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../template/resource.ts';
import { busName } from './buses.ts';
import type { EventsState } from './events-state.ts';
import { deleteRule, putRule } from './put-rule.ts';
import { putTargets } from './put-targets.ts';
import type { Rule } from './rules.ts';

/** The resource types of EventBridge. Archives, connections and API destinations are not supported locally. */
export function eventsResources(state: EventsState): ResourceType[] {
  return [eventBusType(state), ruleType(state), busPolicyType(state)];
}

function eventBusType({ buses }: EventsState): ResourceType {
  const put = (properties: JsonObject): Provisioned => {
    const name = String(properties['Name']);
    const policy = properties['Policy'];
    const bus = buses.save({
      name,
      description: textOf(properties['Description']),
      policy: policy === undefined ? buses.find(name)?.policy : JSON.stringify(policy),
    });
    return {
      physicalId: name,
      attributes: { Name: name, Arn: bus.arn, ...(bus.policy ? { Policy: bus.policy } : {}) },
    };
  };
  return {
    type: 'AWS::Events::EventBus',
    replacedBy: ['Name', 'EventSourceName'],
    create: (properties) => put(properties),
    update: (_current, properties) => put(properties),
    delete: ({ physicalId }) => buses.delete(physicalId),
  };
}

function ruleType(state: EventsState): ResourceType {
  const put = (name: string, properties: JsonObject): Provisioned => {
    const rule = state.context.store.transaction(() => putWithTargets(name, properties, state));
    return {
      // CloudFormation names rules of other buses together with their bus.
      physicalId: rule.bus === 'default' ? name : `${rule.bus}|${name}`,
      attributes: { Arn: rule.arn },
    };
  };
  return {
    type: 'AWS::Events::Rule',
    replacedBy: ['Name', 'EventBusName'],
    create: (properties, context) => put(ruleName(properties, context), properties),
    update: ({ physicalId }, properties) => put(physicalId.split('|').at(-1) ?? physicalId, properties),
    delete({ physicalId }) {
      const [name = '', bus = 'default'] = physicalId.split('|').toReversed();
      const rule = state.rules.find(bus, name);
      if (!rule) return;
      state.context.store.transaction(() => {
        removeTargets(rule, () => true, state);
        deleteRule(rule, state);
      });
    },
  };
}

function ruleName(properties: JsonObject, context: ResourceContext): string {
  return textOf(properties['Name']) ?? context.generateName(64);
}

function putWithTargets(name: string, properties: JsonObject, state: EventsState): Rule {
  const pattern = properties['EventPattern'];
  const rule = putRule(
    {
      Name: name,
      EventBusName: textOf(properties['EventBusName']),
      EventPattern: pattern === undefined ? undefined : JSON.stringify(pattern),
      ScheduleExpression: textOf(properties['ScheduleExpression']),
      State: textOf(properties['State']),
      Description: textOf(properties['Description']),
      RoleArn: textOf(properties['RoleArn']),
    },
    state,
  );
  // The template's targets have the members of the API's; putTargets checks those that matter.
  const targets = (properties['Targets'] ?? []) as unknown as Target[];
  removeTargets(rule, (id) => !targets.some((target) => target.Id === id), state);
  putTargets(rule, targets, state);
  return rule;
}

function removeTargets(rule: Rule, isGone: (id: string) => boolean, { rules }: EventsState): void {
  for (const { Id: id = '' } of rules.targets(rule.bus, rule.name)) {
    if (isGone(id)) rules.deleteTarget(rule.bus, rule.name, id);
  }
}

function busPolicyType({ buses }: EventsState): ResourceType {
  const put = (properties: JsonObject, context: ResourceContext): Provisioned => {
    const bus = buses.get(busName(textOf(properties['EventBusName'])));
    const statement = properties['Statement'];
    const sid = textOf(properties['StatementId']) ?? context.logicalId;
    const own =
      statement ??
      ({
        Effect: 'Allow',
        Principal: properties['Principal'] ?? '*',
        Action: properties['Action'] ?? 'events:PutEvents',
        Resource: bus.arn,
      } satisfies JsonObject);
    const others = statementsWithout(bus.policy, sid);
    const policy = { Version: '2012-10-17', Statement: [...others, { ...(own as JsonObject), Sid: sid }] };
    buses.save({ ...bus, policy: JSON.stringify(policy) });
    return { physicalId: `${bus.name}|${sid}`, attributes: {} };
  };
  return {
    type: 'AWS::Events::EventBusPolicy',
    replacedBy: ['EventBusName', 'StatementId'],
    create: put,
    update: (_current, properties, context) => put(properties, context),
    delete({ physicalId }) {
      const [name = '', sid = ''] = physicalId.split('|');
      const bus = buses.find(name);
      if (!bus) return;
      const left = statementsWithout(bus.policy, sid);
      const policy = left.length > 0 ? JSON.stringify({ Version: '2012-10-17', Statement: left }) : undefined;
      buses.save({ ...bus, policy });
    },
  };
}

function statementsWithout(policy: string | undefined, sid: string): JsonObject[] {
  // Policies are kept as the text of an object with a list of statements.
  const { Statement: statements = [] } = JSON.parse(policy ?? '{}') as { Statement?: JsonObject[] };
  return statements.filter((statement) => statement['Sid'] !== sid);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
