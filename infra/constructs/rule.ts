import { Duration } from 'aws-cdk-lib';
import {
  type EventPattern,
  type EventBus,
  type IEventBus,
  type IRuleTarget,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic, type TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Machine } from './machine.ts';

/** Where a rule sends an event. */
export type RuleTarget =
  | { readonly kind: 'function'; readonly function: IFunction }
  | { readonly kind: 'machine'; readonly machine: Machine }
  | { readonly kind: 'topic'; readonly topic: ITopic };

/** A rule whose undeliverable events are kept in a dead-letter queue. */
export interface DeliveryRuleProps {
  readonly bus?: EventBus;
  readonly description: string;
  readonly pattern: EventPattern;
  readonly target: RuleTarget;
  /** Passes this part of the event (`$.detail`) instead of all of it. */
  readonly inputPath?: string;
  /** Passes this instead of the event. */
  readonly input?: object;
  readonly deadLetters: IQueue;
}

/** An event rule with a target, bounded retries over a day and a dead-letter queue. */
export class DeliveryRule extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, props: DeliveryRuleProps) {
    super(scope, id);
    this.rule = new Rule(this, 'Rule', {
      description: props.description,
      eventPattern: props.pattern,
      ...(props.bus && { eventBus: asBus(props.bus) }),
      targets: [this.#target(props)],
    });
  }

  #target(props: DeliveryRuleProps): IRuleTarget {
    const delivery: TargetBaseProps = {
      deadLetterQueue: props.deadLetters,
      maxEventAge: Duration.hours(24),
      retryAttempts: 185,
    };
    const part = props.input
      ? RuleTargetInput.fromObject(props.input)
      : props.inputPath
        ? RuleTargetInput.fromEventPath(props.inputPath)
        : undefined;
    switch (props.target.kind) {
      case 'function':
        return new LambdaFunction(props.target.function, { ...delivery, ...(part && { event: part }) });
      case 'topic':
        return new SnsTopic(props.target.topic, { ...delivery, ...(part && { message: part }) });
      case 'machine':
        return this.#aliasTarget(props.target.machine, props.deadLetters, part);
    }
  }

  /** CDK's own target for a state machine names the machine; ours names its alias. */
  #aliasTarget(machine: Machine, deadLetters: IQueue, input: RuleTargetInput | undefined): IRuleTarget {
    const role = new Role(this, 'StartRole', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
    machine.allowStart(role);
    return {
      bind: (rule) => {
        allowDeadLetters(rule, deadLetters);
        return {
          arn: machine.aliasArn,
          role,
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: Duration.hours(24).toSeconds(), maximumRetryAttempts: 185 },
          ...(input && { input }),
        };
      },
    };
  }
}

function allowDeadLetters(rule: Parameters<IRuleTarget['bind']>[0], deadLetters: IQueue): void {
  deadLetters.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleRef.ruleArn } },
    }),
  );
}

/** CDK's classes declare optional members that may be undefined, its interfaces do not: the same members all the same. */
function asBus(bus: EventBus): IEventBus {
  return bus as IEventBus;
}
