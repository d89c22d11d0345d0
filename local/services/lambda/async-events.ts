import type { CloudContext } from '../service-module.ts';
import { isJsonObject, type Json } from '../../json.ts';
import { AwsError } from '../../errors.ts';
import type { EventInvokeConfigs } from './event-invoke-configs.ts';
import type { FunctionStore, InvokedFunction } from './function-store.ts';
import { runInvocation, type InvocationTools } from './invocation.ts';
import type { InvocationResult } from './invocation-result.ts';
import { toDestinationRecord, type Destinations, type EndCondition } from './destinations.ts';
import { openStoredEvents, type StoredEvent } from './stored-events.ts';

/** Asynchronous invocation: what is accepted is on disk, and ends as a success or at its destination. */
export interface AsyncEvents {
  /** Stores an event durably. */
  accept(event: { requestId: string; name: string; qualifier?: string; payload: string }): void;
}

/** What delivering events needs. */
export interface AsyncEventParts {
  readonly context: CloudContext;
  readonly functions: FunctionStore;
  readonly configs: EventInvokeConfigs;
  readonly destinations: Destinations;
  readonly tools: InvocationTools;
}

/** Retries after function errors wait one minute, then two (Lambda developer guide, asynchronous invocation). */
const retryDelaysMs = [60_000, 120_000];
const longestBackoffMs = 300_000;

/** Opens the queue of asynchronous invocations. What was running when the process died is delivered again. */
export function openAsyncEvents(parts: AsyncEventParts): AsyncEvents {
  const { context } = parts;
  const stored = openStoredEvents(context.store);
  const schedule = (event: StoredEvent, dueAtMs: number): void =>
    void context.timers.schedule('lambda.deliver', { requestId: event.requestId, turn: event.turns }, { dueAtMs });

  const finish = (event: StoredEvent, end: { condition: EndCondition; target: InvokedFunction }): void => {
    stored.delete(event.requestId);
    const record = toDestinationRecord(event, { ...end, nowMs: context.clock.nowMs() });
    parts.destinations.send(end.target, record);
  };

  /** Tries again after `delayMs`, or gives up if the event would be too old by then. */
  const tryLater = (event: StoredEvent, target: InvokedFunction, delayMs: number): void => {
    const dueAtMs = context.clock.nowMs() + delayMs;
    if (dueAtMs > event.acceptedAtMs + parts.configs.of(target).maxEventAgeMs) {
      return finish(event, { condition: 'EventAgeExceeded', target });
    }
    const next = { ...event, turns: event.turns + 1 };
    stored.update(next);
    schedule(next, dueAtMs);
  };

  const settle = (event: StoredEvent, target: InvokedFunction, result: InvocationResult): void => {
    const invoked = withResponse(event, target, result);
    if (!result.functionError) return finish(invoked, { condition: 'Success', target });
    const failed = { ...invoked, functionErrors: event.functionErrors + 1 };
    if (failed.functionErrors > parts.configs.of(target).maxRetryAttempts) {
      return finish(failed, { condition: 'RetriesExhausted', target });
    }
    tryLater(failed, target, retryDelaysMs[event.functionErrors] ?? 120_000);
  };

  context.timers.on('lambda.deliver', async (payload, timer) => {
    const event = stored.find(isJsonObject(payload) ? String(payload['requestId']) : '');
    const target = event && findTarget(event, parts.functions);
    if (!event || !target) {
      if (event) context.report(`lambda: the event ${event.requestId} has no function ${event.name} any more: dropped`);
      return context.store.transaction(() => (event && stored.delete(event.requestId), timer.complete()));
    }
    const then = await deliver(event, target, parts);
    context.store.transaction(() => {
      if (then instanceof AwsError)
        tryLater({ ...event, refusals: event.refusals + 1 }, target, backoffMs(event, then));
      else settle(event, target, then);
      timer.complete();
    });
  });

  return {
    accept: ({ requestId, name, qualifier, payload }) =>
      context.store.transaction(() => {
        const event = stored.add({
          requestId,
          name,
          payload,
          acceptedAtMs: context.clock.nowMs(),
          ...(qualifier !== undefined && { qualifier }),
        });
        schedule(event, event.acceptedAtMs);
      }),
  };
}

/** Throttles and stops of the cloud are no failure of the function. */
async function deliver(
  event: StoredEvent,
  target: InvokedFunction,
  { tools }: AsyncEventParts,
): Promise<InvocationResult | AwsError> {
  try {
    const { requestId, payload } = event;
    return await runInvocation({ target, requestId, event: payload, maxWaitMs: Infinity }, tools);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** From 1 s to 5 minutes after throttles; at once after a stop, which means at the next start. */
function backoffMs(event: StoredEvent, error: AwsError): number {
  return error.code === 'TooManyRequestsException' ? Math.min(1000 * 2 ** event.refusals, longestBackoffMs) : 0;
}

function findTarget(event: StoredEvent, functions: FunctionStore): InvokedFunction | undefined {
  try {
    return functions.choose({
      name: event.name,
      ...(event.qualifier !== undefined && { qualifier: event.qualifier }),
    });
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

function withResponse(event: StoredEvent, target: InvokedFunction, result: InvocationResult): StoredEvent {
  // The payload is JSON that the thread or the result itself has written.
  const responsePayload = JSON.parse(result.payload) as Json;
  const functionError = result.functionError && { functionError: result.functionError };
  return {
    ...event,
    invokeCount: event.invokeCount + 1,
    response: {
      responseContext: { statusCode: 200, executedVersion: target.version, ...functionError },
      responsePayload,
    },
  };
}
