import { AwsError } from '../../errors.ts';
import { rolePrincipal, servicePrincipal } from '../../gateway/principal.ts';
import type { ApiRequest } from '../../gateway/service.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { queueUrlOf } from '../queue-url.ts';
import type { CloudContext } from '../service-module.ts';
import type { EventInvokeConfigs } from './event-invoke-configs.ts';
import type { InvokedFunction } from './function-store.ts';
import type { StoredEvent } from './stored-events.ts';

/** Why an asynchronous event ended. */
export type EndCondition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

/** What a destination is sent, exactly as Lambda writes it. */
export interface DestinationRecord extends JsonObject {
  version: '1.0';
  timestamp: string;
  requestContext: { requestId: string; functionArn: string; condition: EndCondition; approximateInvokeCount: number };
  requestPayload: Json;
}

/** Tells the ends of asynchronous events. */
export interface Destinations {
  /** Queues the record for where the function's configuration sends it, in the open transaction. */
  send(target: InvokedFunction, record: DestinationRecord): void;
}

const maxAttempts = 10;

/** Opens the delivery to destinations and dead-letter queues; it acts with the function's role. */
export function openDestinations(context: CloudContext, configs: EventInvokeConfigs): Destinations {
  context.timers.on('lambda.destination', async (payload, timer) => {
    const { destination, role, name, body } = readDelivery(payload);
    try {
      const principal = rolePrincipal(role, name, servicePrincipal('lambda.amazonaws.com'));
      await context.gateway.handle(toRequest(destination, body), principal);
    } catch (error) {
      const isFinal =
        error instanceof AwsError && error.httpStatus >= 400 && error.httpStatus < 500 && error.httpStatus !== 429;
      if (!isFinal && timer.attempt < maxAttempts) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      context.report(`lambda: ${name} could not tell its destination ${destination}: ${reason}`);
    }
  });
  return {
    send: (target, record) => {
      const schedule = (destination: string | undefined, body: Json): void => {
        if (destination === undefined) return;
        const { Role: role } = target.definition;
        context.timers.schedule('lambda.destination', { destination, role, name: target.name, body });
      };
      const config = configs.of(target);
      const isSuccess = record.requestContext.condition === 'Success';
      schedule(isSuccess ? config.onSuccess : config.onFailure, record);
      if (!isSuccess) schedule(target.definition.DeadLetterConfig?.TargetArn, record.requestPayload);
    },
  };
}

/** The record of an event that has ended; its response is absent if the function never ran. */
export function toDestinationRecord(
  event: StoredEvent,
  end: { condition: EndCondition; target: InvokedFunction; nowMs: number },
): DestinationRecord {
  const { functionArn } = end.target;
  return {
    version: '1.0',
    timestamp: new Date(end.nowMs).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${functionArn}:${event.qualifier ?? '$LATEST'}`,
      condition: end.condition,
      approximateInvokeCount: event.invokeCount,
    },
    // The payload has been read as JSON when it was accepted.
    requestPayload: JSON.parse(event.payload) as Json,
    ...event.response,
  };
}

function readDelivery(payload: Json): { destination: string; role: string; name: string; body: Json } {
  if (!isJsonObject(payload)) throw new Error('a destination timer without its delivery');
  const { destination, role, name, body } = payload;
  return { destination: String(destination), role: String(role), name: String(name), body: body ?? null };
}

function toRequest(destination: string, body: Json): ApiRequest {
  const text = JSON.stringify(body);
  const [, , service = ''] = destination.split(':');
  switch (service) {
    case 'lambda':
      return {
        service,
        operation: 'Invoke',
        input: { FunctionName: destination, InvocationType: 'Event', Payload: new TextEncoder().encode(text) },
      };
    case 'sqs':
      return {
        service,
        operation: 'SendMessage',
        input: { QueueUrl: queueUrlOf(destination), MessageBody: text },
      };
    case 'sns':
      return { service, operation: 'Publish', input: { TopicArn: destination, Message: text } };
    case 'events':
      return { service, operation: 'PutEvents', input: { Entries: [toBusEntry(destination, body)] } };
    default:
      throw new Error(`a destination is a function, queue, topic or bus, not ${destination}`);
  }
}

function toBusEntry(bus: string, body: Json): JsonObject {
  const context = isJsonObject(body) && isJsonObject(body['requestContext']) ? body['requestContext'] : {};
  const kind = context['condition'] === 'Success' ? 'Success' : 'Failure';
  return {
    EventBusName: bus,
    Source: 'lambda',
    DetailType: `Lambda Function Invocation Result - ${kind}`,
    Resources: [String(context['functionArn']), bus],
    Detail: JSON.stringify(body),
  };
}
