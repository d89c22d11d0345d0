/** How an alarm stands. */
export interface AlarmSeen {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  /** In CloudWatch's words. */
  readonly reason: string;
  /** When it came into its state, ISO 8601; undefined if CloudWatch does not say. */
  readonly since: string | undefined;
}

/** CloudWatch, as far as an action reads alarms. */
export interface AlarmGateway {
  /**
   * The alarms of these names, metric and composite ones; those that do not exist are left out.
   * @throws ActionFailed PermissionError if the action may not read them
   */
  read(names: readonly string[]): Promise<readonly AlarmSeen[]>;
}
