/** EventBridge Scheduler, as far as an action has something done later. */
export interface ScheduleGateway {
  /**
   * Has a stack deleted, and for a day tried again every six hours, since a deletion that was begun may fail; a schedule of that
   * name that is there is replaced.
   */
  deleteStackAt(schedule: {
    readonly name: string;
    readonly stackId: string;
    /** ISO 8601. */
    readonly at: string;
    readonly roleArn: string;
    /** How the token of each try begins, by which its events are known; 1 to 100 letters, digits and hyphens. */
    readonly tokenPrefix: string;
  }): Promise<void>;
}
