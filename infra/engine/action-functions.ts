import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { LambdaDestination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { ActionDeclaration } from '../../shared/actions/action.ts';
import { actions } from '../../shared/actions/registry.ts';
import { actionBundle } from '../bundle.ts';
import { allow, allowed, type SlipwayFunction, type SlipwayFunctionProps } from '../constructs/function.ts';
import { answerJobs } from '../constructs/grants.ts';
import { LongJobs } from '../constructs/long-jobs.ts';
import type { Foundation } from './foundation.ts';

/** What runs actions. */
export interface ActionFunctions {
  /** What an action's function is given and may do, here or in a stack of its user's. */
  propsOf(action: ActionDeclaration): Omit<SlipwayFunctionProps, 'bundle'>;
  /** The role of the workflow of long jobs, which calls the functions of actions that wait. */
  readonly workflowRole: IRole;
}

/** What the waits of long jobs are built on; its workflow is made with the functions that it calls. */
export function waitForWork(on: Foundation): LongJobs {
  const { stack, data, bus, alarms, deadEvents, deadInvocations, grants, makeFunction } = on;
  return new LongJobs(stack, 'LongJobs', {
    machineName: `${stack.stackName}-Job`,
    table: data.table,
    key: data.key,
    deadLetters: deadEvents,
    ...{ bus, grants, alarms, deadInvocations, makeFunction },
  });
}

/** A function for each action that comes with Slipway, and what all actions need beside their own. */
export function runActions(on: Foundation, longJobs: LongJobs): ActionFunctions {
  const { makeFunction } = on;
  const answer = makeJobFunctions(on, longJobs);
  const propsOf = (action: ActionDeclaration): Omit<SlipwayFunctionProps, 'bundle'> =>
    actionProps(action, on, { answer, longJobs });
  const made = actions.map((action) => {
    const { description, ...props } = propsOf(action);
    return { action, lambda: makeFunction(actionBundle(action.id), description, props) };
  });
  longJobs.addWorkflow(made.filter(({ action }) => action.mayWait).map(({ lambda }) => lambda));
  return { propsOf, workflowRole: longJobs.workflowRole };
}

/** @returns the one that answers for a function that died */
function makeJobFunctions(
  { deadInvocations, environments, grants, makeFunction }: Foundation,
  longJobs: LongJobs,
): SlipwayFunction {
  // No destination of its own: what it is called with holds the job's credentials. Its errors ring an alarm.
  const answer = makeFunction('actions-answer', 'Answers a job whose function died, and gives up its work', {
    environment: { ...environments.table, ...longJobs.environment },
    permissions: [...grants.useTable, answerJobs, ...longJobs.permissions],
  });
  // The custom action types, wherever they are, let it poll for them and start their functions.
  makeFunction('actions-work', 'Starts the jobs of custom actions', {
    timeout: Duration.seconds(60),
    environment: environments.table,
    permissions: [
      ...grants.useTable,
      ...grants.readIndex,
      allow(['codepipeline:AcknowledgeJob', 'codepipeline:GetJobDetails'], ['*']),
    ],
    onFailure: new SqsDestination(deadInvocations),
  });
  return answer;
}

function actionProps(
  action: ActionDeclaration,
  { environments, grants }: Foundation,
  { answer, longJobs }: { readonly answer: SlipwayFunction; readonly longJobs: LongJobs },
): Omit<SlipwayFunctionProps, 'bundle'> {
  return {
    description: `Action ${action.id}: ${action.description}`,
    timeout: Duration.seconds(action.timeoutSeconds),
    memoryMegabytes: action.memoryMegabytes,
    environment: { ...environments.table, ...(action.mayWait && longJobs.environment) },
    permissions: [
      ...grants.useItemsOfActions(action),
      answerJobs,
      ...(action.mayWait ? longJobs.permissions : []),
      ...action.permissions.map((permission) => allowed(permission)),
    ],
    // A function, never a queue: the record holds the job's credentials.
    onFailure: new LambdaDestination(answer),
    retryAttempts: 1,
    maxEventAge: Duration.minutes(10),
  };
}
