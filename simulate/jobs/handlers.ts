import type { Context } from 'aws-lambda';
import type { Action } from '../../shared/actions/action.ts';
import { catchClients } from './clients.ts';

/** Where the table and the workflow of a run are. */
export const tableName = 'slipway';

/** The account of every simulated cloud. */
export const account = '123456789012';

/** The ARN of the workflow in which long jobs wait. */
export const machineArn = `arn:aws:states:us-east-1:${account}:stateMachine:Job`;

Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  SLIPWAY_TABLE: tableName,
  SLIPWAY_BUS: 'slipway',
  SLIPWAY_JOB_MACHINE_ARN: machineArn,
});
catchClients();

/** What Lambda calls. */
export type Handler = (event: unknown, context: Context) => Promise<unknown>;

// They read their environment when they are loaded.
const [run, answer, resume, cancel, settle, reconcile, waiting, openLongJobs, jobWorkflows] = await Promise.all([
  import('../../functions/actions/run.ts'),
  import('../../functions/actions/answer.ts'),
  import('../../functions/actions/resume.ts'),
  import('../../functions/actions/cancel.ts'),
  import('../../functions/actions/settle.ts'),
  import('../../functions/releases/reconcile.ts'),
  import('../../shared/actions/runner/waiting.ts'),
  import('../../shared/actions/runner/open-long-jobs.ts'),
  import('../../shared/aws/job-workflow.ts'),
]);

/** A function as it is deployed: how long it may run, and how often an asynchronous call is made again. */
export interface DeployedFunction {
  readonly handler: Handler;
  readonly timeoutSeconds: number;
  readonly retryCount: number;
}

/** The shipped functions around an action, composed as its bundle composes them (`infra/bundle.ts`). */
export function functionsOf(action: Action): Readonly<Record<string, DeployedFunction>> {
  const actionHandler = run.actionHandler(action, { longJobs: { ...waiting, ...openLongJobs, ...jobWorkflows } });
  const byEvent = (handler: Handler): DeployedFunction => ({ handler, timeoutSeconds: 30, retryCount: 2 });
  return {
    run: { handler: actionHandler, timeoutSeconds: action.declaration.timeoutSeconds, retryCount: 1 },
    answer: byEvent(answer.handler),
    resume: byEvent(resume.handler),
    cancel: byEvent(cancel.handler),
    settle: byEvent(settle.handler),
    reconcile: { handler: reconcile.handler, timeoutSeconds: 300, retryCount: 2 },
  };
}
