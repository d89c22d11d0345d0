import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Action } from '../actions/action.ts';
import type { ActionEdge } from '../actions/guard.ts';
import { jobEventSchema, type Job } from '../actions/job-event.ts';
import { runAction } from '../actions/run-action.ts';
import { Misconfigured } from '../errors.ts';

/** Builds what one invocation reaches the world with. */
export type ComposeEdge = (invocation: {
  readonly job: Job;
  readonly requestId: string;
  readonly remainingMs: () => number;
}) => ActionEdge;

/**
 * The chain of an action's function: the event is read strictly, everything behind it sees the job alone. The event
 * holds credentials, so no middleware logs it. What the function returns is ignored by CodePipeline.
 */
export function jobHandler(
  action: Action,
  compose: ComposeEdge,
): (event: unknown, context: Context) => Promise<unknown> {
  const run = async (event: unknown, context: Context): Promise<void> => {
    // The middleware below has put the job in the event's place.
    const job = event as Job;
    const { awsRequestId: requestId } = context;
    const remainingMs = (): number => context.getRemainingTimeInMillis();
    await runAction(action, job, compose({ job, requestId, remainingMs }));
  };
  return middy(run).before((request) => {
    const read = jobEventSchema.safeParse(request.event);
    if (!read.success) {
      throw new Misconfigured(
        'the event is not a CodePipeline job; use this function as a Lambda action of a pipeline',
      );
    }
    request.event = read.data['CodePipeline.job'];
  });
}
