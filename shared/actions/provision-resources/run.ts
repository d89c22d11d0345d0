import { nowAt } from '../../clock.ts';
import type { CheckResultOf, LongJobInput } from '../action.ts';
import { implementAction } from '../action.ts';
import { cut, fail, startJob, stillRunning, succeed } from '../result.ts';
import { apply, untilIdle, type Attempt, type ProvisionInput, type ProvisionResult } from './apply.ts';
import { provisionResources } from './declaration.ts';
import { describeFailures, outcomeOf } from './outcome.ts';
import { missingOutput, outputsOf } from './outputs.ts';

type Check = LongJobInput<typeof provisionResources>;

export default implementAction(
  provisionResources,
  async (input) => {
    const { parameters, state, clock, jobId } = input;
    // Behind the prefix that the rule of functions/actions/resume.ts listens for.
    const attempt: Attempt = state
      ? { name: state.name, startedAt: state.startedAt }
      : { name: `slipway-${jobId}`, startedAt: nowAt(clock) };
    return parameters.operation === 'delete' ? remove(input, attempt) : apply(input, attempt);
  },
  { check, cancel },
);

/** Begins to delete the stack. */
async function remove(input: ProvisionInput, attempt: Attempt): Promise<ProvisionResult> {
  const { parameters, gateways } = input;
  const { stackName, roleArn } = parameters;
  const stack = await gateways.stacks.find(stackName);
  if (!stack || stack.status === 'DELETE_COMPLETE') {
    const outputs = { stackName, changeCount: '0' };
    return succeed({ outputs, summary: `there is no stack ${stackName}: nothing to delete` });
  }
  const isBeingDeleted = stack.status === 'DELETE_IN_PROGRESS';
  if (stack.status.endsWith('_IN_PROGRESS') && !isBeingDeleted && stack.status !== 'REVIEW_IN_PROGRESS')
    return untilIdle(input, attempt, stack.status);
  if (!isBeingDeleted) await gateways.stacks.delete({ id: stack.id, token: attempt.name, roleArn });
  return startJob(
    { ...attempt, phase: 'operating' as const, operation: 'delete' as const, stackId: stack.id, changeCount: 0 },
    {
      // The events of another's deletion have another's token.
      until: isBeingDeleted
        ? { checks: { firstSeconds: 10, backoffRate: 1.5, maxSeconds: 60 } }
        : { event: `stack/${attempt.name}` },
      summary: `stack ${stackName} is being deleted`,
      externalExecutionId: stack.id,
    },
  );
}

/** Reads how the stack stands. */
async function check({ parameters, state, gateways, clock }: Check): Promise<CheckResultOf<typeof provisionResources>> {
  const { stackName, timeoutMinutes } = parameters;
  if (state.phase === 'preparing') return fail('SystemUnavailable', 'nothing was begun yet; retry the stage');
  const { operation, stackId, name, startedAt } = state;
  const stack = await gateways.stacks.find(stackId);
  const status = stack?.status ?? 'DELETE_COMPLETE';
  switch (outcomeOf(status, operation)) {
    case 'works': {
      const minutes = Math.floor((clock.nowMs() - Date.parse(startedAt)) / 60_000);
      if (minutes < timeoutMinutes) return stillRunning({ summary: `stack ${stackName}: ${status}` });
      return fail('JobFailed', `stack ${stackName} was still ${status} after ${timeoutMinutes} minutes; it goes on`);
    }
    case 'done': {
      const summary = `stack ${stackName}: ${status}`;
      if (!stack || operation === 'delete') return succeed({ outputs: { stackId, stackName }, summary });
      const missing = missingOutput(stack, parameters);
      if (missing !== undefined) return fail('ConfigurationError', `${summary}, but ${missing}`);
      return succeed({ outputs: outputsOf(stack, parameters, state), summary });
    }
    case 'failed': {
      const why = describeFailures(await gateways.stacks.failures(stackId, name)) || stack?.reason;
      return fail('JobFailed', cut(`stack ${stackName} ended as ${status}${why ? `: ${why}` : ''}`, 4_000));
    }
  }
}

/** A stack that was never whole is deleted; an update goes on, since half of it would be worse. */
async function cancel({ state, gateways }: Check): Promise<void> {
  if (state.phase !== 'operating' || state.operation !== 'create') return;
  const stack = await gateways.stacks.find(state.stackId);
  if (stack?.status === 'CREATE_IN_PROGRESS')
    await gateways.stacks.delete({ id: state.stackId, token: `clear-${state.name}` });
}
