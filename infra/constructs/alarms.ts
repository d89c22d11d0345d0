import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

const period = Duration.minutes(5);

/** Alarms on Slipway itself, told on the operations topic: what fails silently otherwise. */
export class OwnAlarms extends Construct {
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, props: { topic: ITopic }) {
    super(scope, id);
    this.#topic = props.topic;
  }

  /** Something could not be delivered and waits in a dead-letter queue. */
  onDeadLetters(name: string, queue: IQueue): void {
    this.#alarm(
      `${name}DeadLetters`,
      queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      {
        above: 0,
        description: `Slipway: ${name} could not be delivered; read the dead-letter queue, mend the cause, send the messages again`,
      },
    );
  }

  /** A function fails or is throttled. */
  onFunction(name: string, target: IFunction): void {
    this.#alarm(`${name}Errors`, target.metricErrors({ period, statistic: 'Sum' }), {
      above: 0,
      description: `Slipway: function ${name} fails; its log says why`,
    });
    this.#alarm(`${name}Throttles`, target.metricThrottles({ period, statistic: 'Sum' }), {
      above: 0,
      description: `Slipway: function ${name} is throttled; raise the account's concurrency`,
    });
  }

  /** A workflow ended as failed, timed out or aborted. */
  onMachine(name: string, machine: IStateMachine): void {
    const metrics = {
      Failed: machine.metricFailed(),
      TimedOut: machine.metricTimedOut(),
      Aborted: machine.metricAborted(),
    };
    for (const [outcome, metric] of Object.entries(metrics)) {
      this.#alarm(`${name}${outcome}`, metric.with({ period, statistic: 'Sum' }), {
        above: 0,
        description: `Slipway: an execution of ${name} ended as ${outcome}; read its history`,
      });
    }
  }

  /** Webhooks that are refused (a wrong secret, an attack) or that fail. */
  onRoute(name: string, route: { api: HttpApi; method: string; path: string }): void {
    const dimensionsMap = { ApiId: route.api.apiId, Stage: '$default', Method: route.method, Resource: route.path };
    const metric = (metricName: string): Metric =>
      new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap, period, statistic: 'Sum' });
    this.#alarm(`${name}Refused`, metric('4xx'), {
      above: 10,
      description: `Slipway: many requests to ${route.path} are refused; is the sender's secret right?`,
    });
    this.#alarm(`${name}Failing`, metric('5xx'), {
      above: 0,
      description: `Slipway: ${route.path} fails; senders may not try again`,
    });
  }

  #alarm(
    id: string,
    metric: IMetric & { createAlarm: Metric['createAlarm'] },
    { above, description }: AlarmProps,
  ): void {
    const alarm = metric.createAlarm(this, id, {
      alarmDescription: description,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // No data means that nothing was called, or nothing failed.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}

interface AlarmProps {
  readonly above: number;
  readonly description: string;
}
