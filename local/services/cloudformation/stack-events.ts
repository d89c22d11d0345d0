import { randomUUID } from 'node:crypto';
import type { ResourceStatus, StackEvent } from '@aws-sdk/client-cloudformation';
import type { CloudClock } from '../../clock/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Stack } from './stack.ts';

/** Something that happened to a stack or one of its resources. */
export interface HappenedEvent {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string | undefined;
  /** As CloudFormation spells it: those of the stack itself too, which the SDK's type leaves out. */
  readonly status: string;
  readonly reason?: string | undefined;
}

/** What happened to stacks, kept as long as the folder. */
export interface StackEvents {
  add(stack: Stack, event: HappenedEvent): void;
  /** Latest first. */
  list(stackId: string): StackEvent[];
  forget(stackId: string): void;
}

/** The table of events. */
export const eventMigrations: readonly string[] = [
  `CREATE TABLE cloudformation_events (sequence INTEGER PRIMARY KEY AUTOINCREMENT, stack_id TEXT NOT NULL,
     at_ms INTEGER NOT NULL, event TEXT NOT NULL) STRICT`,
  'CREATE INDEX cloudformation_events_of_stack ON cloudformation_events (stack_id, sequence)',
];

/** Opens the table of events. */
export function openStackEvents(store: Store, clock: CloudClock): StackEvents {
  return {
    add(stack, { logicalId, type, physicalId, status, reason }) {
      const nowMs = clock.nowMs();
      const isStack = physicalId === stack.id;
      const eventId = isStack ? randomUUID() : `${logicalId}-${status}-${new Date(nowMs).toISOString()}`;
      const event: Omit<StackEvent, 'Timestamp'> = {
        StackId: stack.id,
        StackName: stack.name,
        EventId: eventId,
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId ?? '',
        ResourceType: type,
        // Stacks have statuses of their own there.
        ResourceStatus: status as ResourceStatus,
        ResourceStatusReason: reason,
        ClientRequestToken: stack.clientToken,
      };
      store
        .statement('INSERT INTO cloudformation_events (stack_id, at_ms, event) VALUES (?, ?, ?)')
        .run(stack.id, nowMs, JSON.stringify(event));
    },
    list: (stackId) =>
      store
        .statement('SELECT at_ms, event FROM cloudformation_events WHERE stack_id = ? ORDER BY sequence DESC')
        .all(stackId)
        .map((row) => ({
          // Written only by add.
          ...(JSON.parse(String(row['event'])) as Omit<StackEvent, 'Timestamp'>),
          Timestamp: new Date(Number(row['at_ms'])),
        })),
    forget: (stackId) => void store.statement('DELETE FROM cloudformation_events WHERE stack_id = ?').run(stackId),
  };
}
