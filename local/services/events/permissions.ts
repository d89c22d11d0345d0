import type { EventBridge } from '@aws-sdk/client-eventbridge';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';
import { busName } from './buses.ts';

/** What each operation of EventBridge needs. */
export function eventsPermissions(place: Place): PermissionTable<EventBridge> {
  const prefix = arnPrefix('events', place);
  const anywhere = (action: string) => (): Permission => ({ action: `events:${action}`, resource: '*' });
  const onBus =
    (action: string) =>
    ({ Name: name }: { Name?: string | undefined }): Permission => ({
      action: `events:${action}`,
      resource: `${prefix}event-bus/${busName(name)}`,
    });
  const rule = (action: string, name: string | undefined, bus: string | undefined): Permission => {
    const owner = busName(bus);
    return { action: `events:${action}`, resource: `${prefix}rule/${owner === 'default' ? '' : `${owner}/`}${name}` };
  };
  const onRule =
    (action: string) =>
    ({ Name: name, EventBusName: bus }: { Name?: string | undefined; EventBusName?: string | undefined }) =>
      rule(action, name, bus);
  const onTargetsOf =
    (action: string) =>
    ({ Rule: name, EventBusName: bus }: { Rule?: string | undefined; EventBusName?: string | undefined }) =>
      rule(action, name, bus);
  return {
    CreateEventBus: onBus('CreateEventBus'),
    UpdateEventBus: onBus('UpdateEventBus'),
    DeleteEventBus: onBus('DeleteEventBus'),
    DescribeEventBus: onBus('DescribeEventBus'),
    ListEventBuses: anywhere('ListEventBuses'),
    PutPermission: anywhere('PutPermission'),
    RemovePermission: anywhere('RemovePermission'),
    PutRule: onRule('PutRule'),
    DescribeRule: onRule('DescribeRule'),
    DeleteRule: onRule('DeleteRule'),
    EnableRule: onRule('EnableRule'),
    DisableRule: onRule('DisableRule'),
    ListRules: anywhere('ListRules'),
    ListRuleNamesByTarget: anywhere('ListRuleNamesByTarget'),
    PutTargets: onTargetsOf('PutTargets'),
    RemoveTargets: onTargetsOf('RemoveTargets'),
    ListTargetsByRule: onTargetsOf('ListTargetsByRule'),
    TestEventPattern: anywhere('TestEventPattern'),
    PutEvents: ({ Entries: entries }) =>
      (entries ?? []).map(({ EventBusName: name }) => onBus('PutEvents')({ Name: name })),
  };
}
