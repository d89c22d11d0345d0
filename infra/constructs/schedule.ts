import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow } from './function.ts';

/** Invokes a function every five minutes. */
export class EveryFiveMinutes extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { description: string; function: IFunction; deadLetters: IQueue; input?: object },
  ) {
    super(scope, id);
    new Rule(this, 'Rule', {
      description: props.description,
      schedule: Schedule.rate(Duration.minutes(5)),
      // The next run does what a lost one did not.
      targets: [
        new LambdaFunction(props.function, {
          deadLetterQueue: props.deadLetters,
          retryAttempts: 2,
          maxEventAge: Duration.minutes(5),
          ...(props.input && { event: RuleTargetInput.fromObject(props.input) }),
        }),
      ],
    });
  }
}

/** When a service is released by the clock. */
export interface NightlyProps {
  readonly service: string;
  /** EventBridge Scheduler's cron, e.g. `cron(0 2 * * ? *)`. */
  readonly expression: string;
  /** IANA name, e.g. `Europe/Berlin`; default UTC. */
  readonly timeZone?: string;
  readonly bus: EventBus;
  readonly deadLetters: IQueue;
}

/** Asks for a release of a service every night; the scheduled time is the cause's identity. */
export class NightlyRelease extends Construct {
  constructor(scope: Construct, id: string, props: NightlyProps) {
    super(scope, id);
    const name = `nightly-${props.service}`;
    const role = new Role(this, 'Role', {
      description: `Slipway: the nightly release of ${props.service}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      inlinePolicies: {
        own: new PolicyDocument({
          statements: [
            allow(['events:PutEvents'], [props.bus.eventBusArn]),
            allow(['sqs:SendMessage'], [props.deadLetters.queueArn]),
            // The scheduler acts as this role, also towards the key of the queue.
            ...keyOf(props.deadLetters).map((arn) => allow(['kms:Decrypt', 'kms:GenerateDataKey'], [arn])),
          ],
        }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      name,
      description: `Slipway: asks for a release of ${props.service}`,
      scheduleExpression: props.expression,
      scheduleExpressionTimezone: props.timeZone ?? 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: props.bus.eventBusArn,
        roleArn: role.roleArn,
        eventBridgeParameters: { source: 'slipway', detailType: 'release.requested' },
        input: nightlyInput(props.service, name),
        deadLetterConfig: { arn: props.deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(6).toSeconds(), maximumRetryAttempts: 30 },
      },
    });
  }
}

function keyOf({ encryptionMasterKey: key }: IQueue): string[] {
  return key ? [key.keyArn] : [];
}

/** The request as the bus takes it; the workflow derives the release id from the schedule and its scheduled time. */
function nightlyInput(service: string, schedule: string): string {
  return JSON.stringify({
    contract: 1,
    type: 'release.requested',
    service,
    cause: { kind: 'schedule', schedule, scheduledAt: '<aws.scheduler.scheduled-time>' },
    requestedBy: `schedule/${schedule}`,
  });
}
