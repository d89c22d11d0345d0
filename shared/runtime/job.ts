import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Action } from '../actions/action.ts';
import { answerJob } from '../actions/runner/answer-job.ts';
import type { ActionEdge } from '../actions/runner/guard.ts';
import { jobEventSchema, type Job } from '../actions/runner/job-event.ts';
import { fail } from '../actions/result.ts';
import { runAction } from '../actions/runner/run-action.ts';
import { Misconfigured } from '../errors.ts';
import { problemsOf } from '../json.ts';
import { logInvocation } from './log.ts';

/** What surrounds one invocation of an action's function. */
export interface JobInvocation {
  /** The job that is logged with every line. */
  readonly jobId: string;
  readonly requestId: string;
  /** The function itself, for a workflow to call back. */
  readonly functionArn: string;
  readonly remainingMs: () => number;
}

/** With which a workflow calls an action's function: the wait of a long job is to be looked at. */
const longJobSchema = z.object({ contract: z.literal(1), longJob: z.string().check(z.minLength(1)) });

/** What an action's function is called with. */
type Call = { readonly job: Job } | { readonly longJob: string } | Misshapen;

/** A job that can be named and not read. */
interface Misshapen {
  readonly jobId: string;
  readonly problem: string;
}

const namedSchema = z.object({ 'CodePipeline.job': z.object({ id: z.string().check(z.minLength(1)) }) });

/**
 * The chain of an action's function: the event is read strictly, everything behind it sees the job alone, or the id of a
 * long job. A job of another shape fails at once, if it can be named. The event of a job holds credentials, so no middleware logs it; CodePipeline ignores what the function returns.
 */
export function jobHandler(
  action: Action,
  compose: (invocation: JobInvocation) => ActionEdge,
): (event: unknown, context: Context) => Promise<unknown> {
  const run = async (event: unknown, context: Context): Promise<unknown> => {
    // The middleware below has put the call in the event's place.
    const call = event as Call;
    const { awsRequestId: requestId, invokedFunctionArn: functionArn } = context;
    const remainingMs = (): number => context.getRemainingTimeInMillis();
    const edge = compose({ jobId: jobOf(call), requestId, functionArn, remainingMs });
    if ('problem' in call) return void (await answerJob(call.jobId, fail('ConfigurationError', call.problem), edge));
    if ('job' in call) return void (await runAction(action, call.job, edge));
    const { longJobs, waiting } = edge;
    if (!longJobs || !waiting)
      throw new Misconfigured(`action ${action.declaration.id} waits for nothing; declare that it mayWait`);
    return waiting.stepLongJob(action, call.longJob, { ...edge, longJobs });
  };
  return middy(run).before((request) => {
    logInvocation(request.context);
    request.event = readCall(request.event);
  });
}

function jobOf(call: Call): string {
  if ('job' in call) return call.job.id;
  return 'longJob' in call ? call.longJob : call.jobId;
}

function readCall(event: unknown): Call {
  const job = jobEventSchema.safeParse(event);
  if (job.success) return { job: job.data['CodePipeline.job'] };
  const longJob = longJobSchema.safeParse(event);
  if (longJob.success) return { longJob: longJob.data.longJob };
  const named = namedSchema.safeParse(event);
  if (named.success) {
    const problem = `the event of the job is not of the documented shape: ${problemsOf(job.error)}`;
    return { jobId: named.data['CodePipeline.job'].id, problem };
  }
  throw new Misconfigured('the event is not a CodePipeline job; use this function as a Lambda action of a pipeline');
}
