import type { StateValue } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../gateway/principal.ts';
import type { Json } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import type { Alarm, AlarmState, AlarmStore, HistoryItem } from './alarm-store.ts';
import { alarmTime, changeDetail, lambdaEvent, topicMessage, type StateChange } from './announce.ts';

/** A state, and why. */
export interface NewState {
  readonly value: StateValue;
  readonly reason: string;
  readonly reasonData?: string;
}

/** Changes states, with everything that follows from it. */
export interface Transitions {
  /**
   * Writes a state in the open transaction. If the value is another one: the history, the event on the default bus and
   * the actions; `onChanged` hears of it.
   */
  change(alarm: Alarm, to: NewState): void;
}

const kind = 'monitoring.act';
const lastAttempt = 4;

/** Names the runner of alarm actions. */
export function openTransitions(
  alarms: AlarmStore,
  context: CloudContext,
  onChanged: (alarm: Alarm) => void,
): Transitions {
  runActions(alarms, context);
  return {
    change(alarm, { value, reason, reasonData }) {
      if (value === alarm.state.value) return;
      const nowMs = context.clock.nowMs();
      const to: AlarmState = { value, reason, reasonData, updatedAtMs: nowMs, changedAtMs: nowMs };
      const change: StateChange = { alarm, from: alarm.state, to };
      alarms.setState(alarm.name, to);
      alarms.addHistory(historyOf(change));
      context.deliverEvent({
        source: 'aws.cloudwatch',
        'detail-type': 'CloudWatch Alarm State Change',
        resources: [alarm.arn],
        detail: changeDetail(change),
      });
      scheduleActions(change, context);
      if (value === 'ALARM') context.report(`alarm ${alarm.name} rings: ${reason}`);
      onChanged(alarm);
    },
  };
}

function historyOf({ alarm, from, to }: StateChange): HistoryItem {
  const [oldState, newState] = [from, to].map(({ value, reason }) => ({ stateValue: value, stateReason: reason }));
  return {
    alarm: alarm.name,
    alarmType: typeOf(alarm),
    atMs: to.updatedAtMs,
    kind: 'StateUpdate',
    summary: `Alarm updated from ${from.value} to ${to.value}`,
    data: JSON.stringify({ version: '1.0', oldState, newState }),
  };
}

/** The type as the API names it. */
export function typeOf({ definition }: Alarm): 'MetricAlarm' | 'CompositeAlarm' {
  return definition.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm';
}

/** One action on its way, as its timer carries it. */
interface Action {
  readonly alarm: string;
  readonly arn: string;
  readonly subject: string;
  readonly message: string;
}

function scheduleActions(change: StateChange, context: CloudContext): void {
  const { input } = change.alarm.definition;
  if (input.ActionsEnabled === false) return;
  const byState = { ALARM: input.AlarmActions, OK: input.OKActions, INSUFFICIENT_DATA: input.InsufficientDataActions };
  for (const arn of byState[change.to.value] ?? []) {
    const sent = arn.split(':')[2] === 'sns' ? topicMessage(change, context) : functionMessage(change, context);
    const action: Action = { alarm: change.alarm.name, arn, ...sent };
    context.timers.schedule(kind, { ...action } satisfies Json);
  }
}

function functionMessage(change: StateChange, context: CloudContext): { subject: string; message: string } {
  return { subject: '', message: JSON.stringify(lambdaEvent(change, context)) };
}

function runActions(alarms: AlarmStore, context: CloudContext): void {
  context.timers.on(kind, async (payload, timer) => {
    // Written only by scheduleActions.
    const action = payload as unknown as Action;
    const failure = await act(action, context).catch((error: unknown) => {
      // What fails for a reason that may pass is tried again by the timer.
      if (!(error instanceof AwsError) || (error.httpStatus >= 500 && timer.attempt < lastAttempt)) throw error;
      return error;
    });
    if (failure) context.report(`alarm ${action.alarm}: its action ${action.arn} failed: ${failure.message}`);
    const alarm = alarms.find(action.alarm);
    if (alarm) alarms.addHistory(actionHistory(alarm, action, { failure, nowMs: context.clock.nowMs() }));
  });
}

async function act({ alarm, arn, subject, message }: Action, context: CloudContext): Promise<undefined> {
  const { gateway, region, account } = context;
  const alarmArn = `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}`;
  if (arn.split(':')[2] === 'sns') {
    const input = { TopicArn: arn, Subject: subject, Message: message };
    const caller = servicePrincipal('cloudwatch.amazonaws.com', alarmArn);
    await gateway.handle({ service: 'sns', operation: 'Publish', input }, caller);
    return;
  }
  const input = { FunctionName: arn, InvocationType: 'Event', Payload: new TextEncoder().encode(message) };
  const caller = servicePrincipal('lambda.alarms.cloudwatch.amazonaws.com', alarmArn);
  await gateway.handle({ service: 'lambda', operation: 'Invoke', input }, caller);
}

function actionHistory(
  alarm: Alarm,
  { arn }: Action,
  { failure, nowMs }: { failure: AwsError | undefined; nowMs: number },
): HistoryItem {
  return {
    alarm: alarm.name,
    alarmType: typeOf(alarm),
    atMs: nowMs,
    kind: 'Action',
    summary: failure ? `Failed to execute action ${arn}` : `Successfully executed action ${arn}`,
    data: JSON.stringify({
      actionState: failure ? 'Failed' : 'Succeeded',
      notificationResource: arn,
      at: alarmTime(nowMs),
    }),
  };
}
