import type { JobContext } from './job-event.ts';

/** What a source action took. */
export interface SourceRevision {
  /** The artifact's name. */
  readonly artifact: string;
  /** A commit, or an object's version. */
  readonly id: string;
  /** The commit's message, or what the source says instead; a connection wraps it in JSON. */
  readonly summary: string;
}

/** CodePipeline, as far as an action reads the execution that it runs in. */
export interface ExecutionGateway {
  /** @throws ActionFailed if there is no such execution, or the action may not read it */
  revisions(execution: Pick<JobContext, 'pipeline' | 'pipelineExecutionId'>): Promise<readonly SourceRevision[]>;
}
