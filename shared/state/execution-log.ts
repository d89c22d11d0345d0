import * as z from 'zod/mini';
import { epochSecondsIn, type Clock } from '../clock.ts';
import { Conflict } from '../errors.ts';
import { eventSchema, type ExecutionEvent } from '../events/event.ts';
import { recordEvent, type RecordContext } from './record.ts';
import type { Item, Store } from './store.ts';
import { eventSortPrefix, expiryAttribute, keys } from './table.ts';

/** What following a pipeline execution needs. */
export interface ExecutionLogContext extends RecordContext {
  readonly clock: Clock;
}

/** Which release a pipeline execution belongs to. `resumedAt` is when its attempt began, from the second on. */
export interface ExecutionOwner {
  readonly releaseId: string;
  readonly service: string;
  readonly traceId: string;
  readonly pipelineArn: string;
  readonly attempt: number;
  readonly resumedAt?: string | undefined;
}

const keptDays = 30;

const ownerItem = z.object({
  releaseId: z.string(),
  service: z.string(),
  traceId: z.string(),
  pipelineArn: z.string(),
  attempt: z.number(),
  resumedAt: z.optional(z.string()),
});

/**
 * Keeps an event of a pipeline execution and, if the execution's release is known, appends it to that release's log. If it
 * is not known yet, `adoptExecution` appends it later: the one writes the event and then reads the owner, the other writes
 * the owner and then reads the events, so no order loses one.
 */
export async function appendForExecution(
  context: ExecutionLogContext,
  event: ExecutionEvent,
): Promise<ExecutionOwner | undefined> {
  await context.store.write({
    put: {
      ...keys.executionEvent(event.pipelineExecutionId, event.id),
      body: JSON.stringify(event),
      [expiryAttribute]: epochSecondsIn(context.clock, keptDays * 86_400),
    },
    when: { absent: ['pk'] },
  });
  const owner = await findOwner(context.store, event.pipelineExecutionId);
  if (owner) await recordEvent(context, ownedBy(owner, event));
  return owner;
}

/**
 * Says whose a pipeline execution is, then appends the events that came before that was known. Saying the same again does
 * the rest of the work again, which changes nothing.
 * @returns the events that were there, oldest first
 * @throws Conflict when the execution belongs to another release
 */
export async function adoptExecution(
  context: ExecutionLogContext,
  executionId: string,
  owner: ExecutionOwner,
): Promise<readonly ExecutionEvent[]> {
  const { releaseId, service, traceId, pipelineArn, attempt } = owner;
  const key = keys.execution(executionId);
  await context.store.write({
    put: { ...key, releaseId, service, traceId, pipelineArn, attempt },
    when: { absent: ['pk'] },
  });
  const stored = await findOwner(context.store, executionId);
  if (stored?.releaseId !== releaseId) {
    throw new Conflict(`pipeline execution ${executionId} belongs to ${stored?.releaseId}, not to ${releaseId}`);
  }
  const events = await keptEvents(context.store, executionId);
  for (const event of events) await recordEvent(context, ownedBy(stored, event));
  return events;
}

/** The release that a pipeline execution belongs to, if it is known. */
export async function findOwner(store: Store, executionId: string): Promise<ExecutionOwner | undefined> {
  const item = await store.read(keys.execution(executionId));
  return item && ownerItem.parse(item);
}

/** Begins the next attempt of an execution whose stage was retried; false when somebody else has begun it. */
export async function beginAttempt(
  store: Store,
  executionId: string,
  { attempt, resumedAt }: { attempt: number; resumedAt: string },
): Promise<boolean> {
  const { written } = await store.write({
    update: keys.execution(executionId),
    set: { attempt, resumedAt },
    when: { equals: { attempt: attempt - 1 } },
  });
  return written;
}

function ownedBy({ releaseId, service, traceId }: ExecutionOwner, event: ExecutionEvent) {
  return eventSchema.parse({ ...event, releaseId, service, traceId });
}

async function keptEvents(store: Store, executionId: string): Promise<readonly ExecutionEvent[]> {
  const { pk } = keys.execution(executionId);
  const items: Item[] = [];
  let from: string | undefined;
  do {
    const page = await store.query({ partition: pk, prefix: eventSortPrefix, limit: 100, ...(from && { from }) });
    items.push(...page.items);
    from = page.next;
  } while (from);
  // Written by appendForExecution only, from an ExecutionEvent; ownedBy reads it through the schema again.
  const events = items.map((item) => JSON.parse(z.string().parse(item.body)) as ExecutionEvent);
  return events.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
