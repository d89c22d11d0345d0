import type { Target } from '@aws-sdk/client-scheduler';
import type { DueTimer } from '../../clock/timers.ts';
import { AwsError } from '../../errors.ts';
import { rolePrincipal, servicePrincipal, type Principal } from '../../gateway/principal.ts';
import type { Json } from '../../json.ts';
import { callTarget } from '../events/delivery/call-target.ts';
import { classifyFailure, isAlreadyDelivered, type DeliveryFailure } from '../events/delivery/failure.ts';
import { nextTry, retryLimits } from '../events/delivery/retry.ts';
import { sendMessage } from '../events/delivery/send-message.ts';
import { eventTime } from '../events/event.ts';
import type { CloudContext } from '../service-module.ts';
import { callUniversalTarget, isUniversal } from './universal-target.ts';

/** One run of a schedule on its way to the target, as its timer carries it. */
export interface Invocation {
  /** The execution id: the same for every attempt. */
  readonly id: string;
  /** Of the schedule. */
  readonly arn: string;
  readonly target: Target;
  readonly scheduledAtMs: number;
  readonly firstAtMs: number;
  readonly retries: number;
}

const kind = 'scheduler.invoke';

/** Adds an invocation to the open transaction. */
export function scheduleInvocation(invocation: Invocation, dueAtMs: number, context: CloudContext): void {
  // Plain JSON: targets have no dates and no bytes.
  context.timers.schedule(kind, invocation as unknown as Json, { dueAtMs });
}

/** Names the runner of invocations. */
export function runInvocations(context: CloudContext): void {
  context.timers.on(kind, async (payload, timer) => {
    // Written only by scheduleInvocation.
    const invocation = payload as unknown as Invocation;
    try {
      await invoke(invocation, context);
    } catch (error) {
      if (!isAlreadyDelivered(error)) await giveUpOrRetry(invocation, classifyFailure(error), timer, context);
    }
  });
}

async function invoke(invocation: Invocation, context: CloudContext): Promise<void> {
  const { target, id } = invocation;
  const arn = target.Arn ?? '';
  const payload = payloadOf(invocation, context);
  if (arn.includes(':event-bus/')) return putEvent(invocation, payload, context);
  if (isUniversal(arn)) return callUniversalTarget({ arn, payload }, context.gateway, principalOf(invocation));
  const messageGroupId = target.SqsParameters?.MessageGroupId;
  await callTarget(
    { arn, payload, executionName: id, ...(messageGroupId ? { messageGroupId } : {}) },
    context.gateway,
    principalOf(invocation),
  );
}

/** The target's input with its context attributes replaced, or the event that is sent without one. */
export function payloadOf(invocation: Invocation, { account, region }: { account: string; region: string }): string {
  const { arn, id, target, scheduledAtMs, retries } = invocation;
  const time = eventTime(scheduledAtMs);
  if (target.Input !== undefined) {
    return target.Input.replaceAll('<aws.scheduler.schedule-arn>', arn)
      .replaceAll('<aws.scheduler.scheduled-time>', time)
      .replaceAll('<aws.scheduler.execution-id>', id)
      .replaceAll('<aws.scheduler.attempt-number>', String(retries + 1));
  }
  return JSON.stringify({
    ...{ version: '0', id, 'detail-type': 'Scheduled Event', source: 'aws.scheduler', account, time, region },
    ...{ resources: [arn], detail: '{}' },
  });
}

async function putEvent(invocation: Invocation, payload: string, context: CloudContext): Promise<void> {
  const { Arn: arn, EventBridgeParameters: event } = invocation.target;
  const entry = { EventBusName: arn, Source: event?.Source, DetailType: event?.DetailType, Detail: payload };
  const request = { service: 'events', operation: 'PutEvents', input: { Entries: [entry] } };
  // PutEvents answers one result for each entry.
  const answer = (await context.gateway.handle(request, principalOf(invocation))) as {
    Entries?: { ErrorCode?: string; ErrorMessage?: string }[];
  };
  const failed = answer.Entries?.find(({ ErrorCode: code }) => code !== undefined);
  if (failed) throw new AwsError(failed.ErrorCode ?? 'InternalFailure', failed.ErrorMessage ?? 'PutEvents failed');
}

function principalOf({ arn, target, id }: Invocation): Principal {
  // Trust policies may name the schedule's group.
  const groupArn = arn.replace(':schedule/', ':schedule-group/').replace(/\/[^/]*$/, '');
  return rolePrincipal(target.RoleArn ?? '', id, servicePrincipal('scheduler.amazonaws.com', groupArn));
}

async function giveUpOrRetry(
  invocation: Invocation,
  failure: DeliveryFailure,
  timer: DueTimer,
  context: CloudContext,
): Promise<void> {
  const limits = retryLimits(invocation.target.RetryPolicy);
  const next = failure.isRetryable ? nextTry(limits, invocation, context.clock.nowMs()) : { exhausted: undefined };
  if ('dueAtMs' in next) {
    context.store.transaction(() => {
      scheduleInvocation({ ...invocation, retries: invocation.retries + 1 }, next.dueAtMs, context);
      timer.complete();
    });
    return;
  }
  const queueArn = invocation.target.DeadLetterConfig?.Arn;
  context.report(
    `schedule ${invocation.arn}: target ${invocation.target.Arn} did not take the run of ` +
      `${eventTime(invocation.scheduledAtMs)}: ${failure.errorCode}: ${failure.message}; ` +
      (queueArn ? 'sent to its dead-letter queue' : 'dropped'),
  );
  if (queueArn) await sendDeadLetter(queueArn, invocation, { failure, exhausted: next.exhausted }, context);
}

async function sendDeadLetter(
  queueArn: string,
  invocation: Invocation,
  end: { failure: DeliveryFailure; exhausted: string | undefined },
  context: CloudContext,
): Promise<void> {
  const attributes = {
    ERROR_CODE: end.failure.errorCode,
    ERROR_MESSAGE: end.failure.message || end.failure.errorCode,
    EXECUTION_ID: invocation.id,
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(invocation.retries),
    SCHEDULED_TIME: eventTime(invocation.scheduledAtMs),
    SCHEDULE_ARN: invocation.arn,
    TARGET_ARN: invocation.target.Arn ?? '',
    ...(end.exhausted ? { EXHAUSTED_RETRY_CONDITION: end.exhausted } : {}),
  };
  try {
    const body = payloadOf(invocation, context);
    await sendMessage({ queueArn, body, attributes }, context.gateway, principalOf(invocation));
  } catch (error) {
    const failure = classifyFailure(error);
    // The timer tries again; what will never work is only told.
    if (failure.isRetryable) throw error;
    context.report(`schedule ${invocation.arn}: its dead-letter queue ${queueArn} refused: ${failure.message}`);
  }
}
