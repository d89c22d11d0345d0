import type { EventBridge, PutPermissionRequest } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { busName, type Bus } from './buses.ts';
import type { EventsState } from './events-state.ts';
import { pageOf } from './paging.ts';

/** Operations on event buses and their policies. */
export function busOperations(state: EventsState): Operations<EventBridge> {
  const { buses, rules } = state;
  return {
    CreateEventBus(input) {
      const name = input.Name ?? '';
      if (!/^[/.\-_A-Za-z0-9]{1,256}$/.test(name)) throw invalid(`Event bus name ${name} is not valid.`);
      if (buses.find(name)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      return { EventBusArn: buses.save({ name, description: input.Description }).arn, Description: input.Description };
    },
    UpdateEventBus(input) {
      const bus = buses.get(input.Name);
      const saved = buses.save({ ...bus, description: input.Description ?? bus.description });
      return { Arn: saved.arn, Name: saved.name, Description: saved.description };
    },
    DeleteEventBus(input) {
      const name = busName(input.Name);
      if (name === 'default') throw invalid('Cannot delete event bus default.');
      if (rules.list(name).length > 0) throw invalid("Event bus can't be deleted since it has rules.");
      buses.delete(name);
      return {};
    },
    DescribeEventBus: (input) => describe(buses.get(input.Name)),
    ListEventBuses(input) {
      const { items, token } = pageOf(buses.list(input.NamePrefix ?? ''), input);
      return { EventBuses: items.map((bus) => describe(bus)), ...token };
    },
    PutPermission(input) {
      const bus = buses.get(input.EventBusName);
      buses.save({ ...bus, policy: input.Policy ?? JSON.stringify(withStatement(bus, input)) });
      return {};
    },
    RemovePermission(input) {
      const bus = buses.get(input.EventBusName);
      const kept = statementsOf(bus).filter(({ Sid: sid }) => !input.RemoveAllPermissions && sid !== input.StatementId);
      buses.save({ ...bus, policy: kept.length > 0 ? JSON.stringify(policyOf(kept)) : undefined });
      return {};
    },
  };
}

function describe(bus: Bus) {
  return {
    Name: bus.name,
    Arn: bus.arn,
    Description: bus.description,
    Policy: bus.policy,
    CreationTime: new Date(bus.createdAtMs),
    LastModifiedTime: new Date(bus.modifiedAtMs),
  };
}

function withStatement(bus: Bus, input: PutPermissionRequest): JsonObject {
  const { StatementId: sid, Principal: principal, Action: action, Condition: condition } = input;
  if (!sid || !principal || !action) {
    throw invalid('Either Policy or all of StatementId, Principal and Action must be specified.');
  }
  const statement: JsonObject = {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${principal}:root` },
    Action: action,
    Resource: bus.arn,
    ...(condition ? { Condition: { [condition.Type ?? '']: { [condition.Key ?? '']: condition.Value ?? '' } } } : {}),
  };
  return policyOf([...statementsOf(bus).filter((known) => known['Sid'] !== sid), statement]);
}

function policyOf(statements: JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: statements };
}

function statementsOf(bus: Bus): JsonObject[] {
  const policy: unknown = JSON.parse(bus.policy ?? '{}');
  const statements: Json | undefined = isJsonObject(policy) ? policy['Statement'] : undefined;
  return [statements ?? []].flat().filter((statement) => isJsonObject(statement));
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
