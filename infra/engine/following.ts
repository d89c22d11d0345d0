import { ArnFormat, Duration } from 'aws-cdk-lib';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { acknowledgeWildcards } from '../constructs/acknowledge.ts';
import { allow, type SlipwayFunctionProps } from '../constructs/function.ts';
import { answerJobs } from '../constructs/grants.ts';
import type { LongJobs } from '../constructs/long-jobs.ts';
import { DeliveryRule } from '../constructs/rule.ts';
import { EveryFiveMinutes } from '../constructs/schedule.ts';
import type { Foundation } from './foundation.ts';

/** What hears how pipelines and release workflows go on, and what looks after those of which nothing was heard. */
export function followPipelines(on: Foundation, longJobs: LongJobs): void {
  const { stack, deadEvents, deadInvocations, environments, grants, makeFunction, releaseMachine } = on;
  const following = {
    environment: { ...environments.table, ...environments.bus },
    permissions: [...grants.useTable, ...grants.publish, grants.resumeReleases],
    onFailure: new SqsDestination(deadInvocations),
  };
  makeFunction('releases-follow', 'Records what a pipeline tells and resumes who waits for it', following);
  const settle = makeFunction('releases-settle', 'Settles a release whose workflow broke', following);
  new DeliveryRule(stack, 'WorkflowBroke', {
    description: 'A release workflow ended without settling its release',
    pattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [releaseMachine.arn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    target: { kind: 'function', function: settle },
    deadLetters: deadEvents,
  });
  reconcile(on, following, longJobs);
}

function reconcile(
  { stack, deadEvents, grants, makeFunction, releaseMachine }: Foundation,
  following: Pick<SlipwayFunctionProps, 'environment' | 'permissions' | 'onFailure'>,
  longJobs: LongJobs,
): void {
  const ofReleases = stack.formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${releaseMachine.name}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const executions = [ofReleases, longJobs.executionsArn];
  const describe = allow(['states:DescribeExecution'], executions);
  const reconciler = makeFunction('releases-reconcile', 'Reads the truth of every wait that an event may have missed', {
    ...following,
    timeout: Duration.minutes(5),
    environment: { ...following.environment, ...longJobs.environment },
    permissions: [
      ...[...(following.permissions ?? []), ...longJobs.permissions],
      ...[...grants.readIndex, describe, answerJobs],
    ],
  });
  acknowledgeWildcards(reconciler.ownRole, {
    resources: executions,
    because: 'any execution of the two workflows may be the one whose end no event told',
  });
  new EveryFiveMinutes(stack, 'Reconcile', {
    description: 'Reads the truth of every wait',
    function: reconciler,
    deadLetters: deadEvents,
  });
}
