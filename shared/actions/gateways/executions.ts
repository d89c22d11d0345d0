import type { JobContext } from '../runner/job-event.ts';

/** What a source action took. */
export interface SourceRevision {
  /** The artifact's name. */
  readonly artifact: string;
  /** A commit, or an object's version. */
  readonly id: string;
  /** The commit's message, or what the source says instead; a connection wraps it in JSON. */
  readonly summary: string;
}

/** An execution of a pipeline, as the pipeline's history tells it. */
export interface PastExecution {
  readonly id: string;
  /** In CodePipeline's words: `InProgress`, `Succeeded`, `Failed`, `Superseded`, … */
  readonly status: string;
  /** What its sources took, each by the name of its action; the rest as in `SourceRevision`. */
  readonly revisions: readonly { readonly source: string; readonly id: string; readonly summary: string }[];
}

/** CodePipeline, as far as an action reads the execution that it runs in, and those before. */
export interface ExecutionGateway {
  /** @throws ActionFailed if there is no such execution, or the action may not read it */
  revisions(execution: Pick<JobContext, 'pipeline' | 'pipelineExecutionId'>): Promise<readonly SourceRevision[]>;
  /**
   * The last 100 executions of a pipeline, newest first.
   * @throws ActionFailed if there is no such pipeline, or the action may not read it
   */
  history(pipeline: string): Promise<readonly PastExecution[]>;
}
