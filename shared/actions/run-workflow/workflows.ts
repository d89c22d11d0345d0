/** How a workflow execution stands. */
export interface WorkflowExecution {
  readonly status: 'running' | 'succeeded' | 'failed' | 'timed-out' | 'aborted';
  /** JSON, once it has succeeded. */
  readonly output: string | undefined;
  /** Name and cause, once it has failed. */
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** Step Functions, as far as an action runs workflows of its users. */
export interface WorkflowGateway {
  /**
   * Starts an execution; starting it again by the same name and input changes nothing.
   * @returns its ARN, which holds `:express:` if it is of that type: then it can be neither described nor stopped
   * @throws ActionFailed if there is no such state machine, the input does not fit, or the action may not start it
   */
  start(workflow: { readonly machineArn: string; readonly name: string; readonly input: string }): Promise<string>;
  /** @throws ActionFailed if the execution is gone, 90 days after its end */
  describe(executionArn: string): Promise<WorkflowExecution>;
  /** Stops an execution; one that has ended stays as it is. */
  stop(executionArn: string, cause: string): Promise<void>;
}
