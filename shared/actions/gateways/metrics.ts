/** One value of a metric. */
export interface MetricValue {
  readonly namespace: string;
  readonly name: string;
  readonly value: number;
  readonly unit: 'None' | 'Count' | 'Seconds';
  readonly at: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** CloudWatch, as far as an action writes metrics and dashboards. */
export interface MetricGateway {
  /** @throws ActionFailed if CloudWatch does not take the value, or the action may not write it */
  put(value: MetricValue): Promise<void>;
  /**
   * The body of a dashboard, JSON.
   * @throws ActionFailed if there is no such dashboard, or the action may not read it
   */
  readDashboard(name: string): Promise<string>;
  /** @throws ActionFailed if the body does not fit, or the action may not write it */
  writeDashboard(name: string, body: string): Promise<void>;
}
