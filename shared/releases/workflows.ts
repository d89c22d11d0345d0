/** Where a workflow execution stands; `unknown` when it is no longer kept. */
export type WorkflowStatus = 'running' | 'ended' | 'unknown';

/** Workflow executions, as far as the reconciler reads their truth. `shared/aws/step-functions.ts` implements it. */
export interface Workflows {
  statusOf(executionArn: string): Promise<WorkflowStatus>;
}
