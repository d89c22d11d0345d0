import type { Revision } from '../events/event.ts';

/** States that end a pipeline execution, as the API writes them. RESUMED may reopen one that did not succeed. */
const terminalStatuses = ['Succeeded', 'Failed', 'Stopped', 'Superseded', 'Cancelled'] as const;
export type TerminalStatus = (typeof terminalStatuses)[number];

/** The truth about a pipeline execution. */
export interface PipelineExecution {
  /** As the API writes it; not only terminal ones. */
  readonly status: string;
  /** What its source actions took, as far as they have run. */
  readonly revisions: readonly Revision[];
}

/** How to start a pipeline. */
export interface StartRequest {
  /** Starting twice with the same token starts once. */
  readonly token: string;
  readonly source?: { readonly action: string; readonly versionId: string };
}

/** CodePipeline, as far as releases need it; a pipeline is known by its ARN. `shared/aws/codepipeline.ts` implements it. */
export interface Pipelines {
  /**
   * @returns the pipeline execution's id
   * @throws PipelineNotFound, PipelineBusy
   */
  start(pipelineArn: string, request: StartRequest): Promise<string>;
  /** Undefined when there is no such pipeline or execution. */
  findExecution(pipelineArn: string, executionId: string): Promise<PipelineExecution | undefined>;
}

/** Whether a status as the API writes it is an end. */
export function isTerminal(status: string): status is TerminalStatus {
  return terminalStatuses.some((terminal) => terminal === status);
}
