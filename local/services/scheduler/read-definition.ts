import type { CreateScheduleInput, Target } from '@aws-sdk/client-scheduler';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import { checkTarget } from '../events/delivery/call-target.ts';
import { parseScheduleExpression } from './schedule-expression.ts';
import type { ScheduleDefinition } from './schedule.ts';
import { checkUniversalTarget, isUniversal } from './universal-target.ts';
import { isTimeZone } from './time-zone.ts';

/** Checks what CreateSchedule and UpdateSchedule are given. @throws AwsError ValidationException */
export function readDefinition(input: Omit<CreateScheduleInput, 'Name' | 'GroupName'>): ScheduleDefinition {
  const { ScheduleExpression: expression = '', ScheduleExpressionTimezone: timeZone = 'UTC', Target: target } = input;
  if (expression.length > 256 || !parseScheduleExpression(expression, { strictUnits: false })) {
    throw invalidSchedule(`Invalid Schedule Expression ${expression}.`);
  }
  if (!isTimeZone(timeZone)) throw invalidSchedule(`Invalid Schedule Expression Timezone ${timeZone}.`);
  if (!target) throw invalidSchedule('Target is required.');
  checkScheduleTarget(target);
  const { StartDate: start, EndDate: end } = input;
  if (start && end && start >= end) throw invalidSchedule('The StartDate must come before the EndDate.');
  return {
    expression,
    timeZone,
    ...(start ? { startAt: start.toISOString() } : {}),
    ...(end ? { endAt: end.toISOString() } : {}),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyArn === undefined ? {} : { kmsKeyArn: input.KmsKeyArn }),
    ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
    isEnabled: input.State !== 'DISABLED',
    windowMinutes: readWindow(input.FlexibleTimeWindow),
    isDeletedWhenDone: input.ActionAfterCompletion === 'DELETE',
    target,
  };
}

function readWindow(window: CreateScheduleInput['FlexibleTimeWindow']): number {
  const { Mode: mode, MaximumWindowInMinutes: minutes } = window ?? { Mode: undefined };
  if (mode === 'OFF' && minutes === undefined) return 0;
  if (mode === 'FLEXIBLE' && minutes !== undefined && minutes >= 1 && minutes <= 1440) return minutes;
  throw invalidSchedule('FlexibleTimeWindow must be OFF, or FLEXIBLE with a MaximumWindowInMinutes of 1 to 1440.');
}

const otherParameters = [
  'EcsParameters',
  'KinesisParameters',
  'SageMakerPipelineParameters',
  'EventBridgePutEventsV2Parameters',
  'EventBridgePutRawEventsParameters',
] as const;

function checkScheduleTarget(target: Target): void {
  const { Arn: arn = '', RoleArn: role = '', RetryPolicy: retry, EventBridgeParameters: event } = target;
  const unsupported = otherParameters.find((name) => target[name] !== undefined);
  if (unsupported) throw notSupportedLocally(`${unsupported} of a schedule's target`);
  if (!/^arn:aws(-[a-z]+)?:iam::\d{12}:role\/.+/.test(role)) throw invalidSchedule(`The role ${role} is not valid.`);
  if (isUniversal(arn)) checkUniversalTarget(arn);
  else if (!arn.includes(':event-bus/')) checkTarget(arn);
  else if (!event?.DetailType || !event.Source)
    throw invalidSchedule('EventBridgeParameters are required for an event bus.');
  else if (/^aws\./.test(event.Source))
    throw invalidSchedule(`The source ${event.Source} is reserved for AWS services.`);
  const attempts = retry?.MaximumRetryAttempts ?? 0;
  const age = retry?.MaximumEventAgeInSeconds ?? 60;
  if (attempts < 0 || attempts > 185) throw invalidSchedule('MaximumRetryAttempts must be 0 to 185.');
  if (age < 60 || age > 86_400) throw invalidSchedule('MaximumEventAgeInSeconds must be 60 to 86400.');
}

/** The name of a schedule or a group. @throws AwsError ValidationException */
export function checkName(name: string | undefined): string {
  if (name !== undefined && /^[0-9a-zA-Z\-_.]{1,64}$/.test(name)) return name;
  throw invalidSchedule(`The name ${name} is not valid: 1 to 64 of 0-9 a-z A-Z - _ .`);
}

/** What EventBridge Scheduler answers to input that does not fit. */
export function invalidSchedule(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
