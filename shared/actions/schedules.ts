/** EventBridge Scheduler, as far as an action has something done later. */
export interface ScheduleGateway {
  /** Has a stack deleted once; a schedule of that name that is there is replaced. */
  deleteStackAt(schedule: {
    readonly name: string;
    readonly stackId: string;
    /** ISO 8601. */
    readonly at: string;
    readonly roleArn: string;
  }): Promise<void>;
}
