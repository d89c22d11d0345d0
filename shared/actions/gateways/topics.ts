/** What is published. */
export interface TopicMessage {
  readonly topicArn: string;
  /** At most 99 ASCII characters; e-mail shows it. */
  readonly subject: string | undefined;
  readonly message: string;
  /** Sent as string attributes, for filter policies. */
  readonly attributes: Readonly<Record<string, string>>;
  /** A FIFO topic delivers messages of the same id once within five minutes; other topics ignore it. */
  readonly deduplicationId: string;
}

/** SNS, as far as an action publishes to its users' topics. */
export interface TopicGateway {
  /**
   * @returns the message's id
   * @throws ActionFailed if there is no such topic, the message does not fit, or the action may not publish
   */
  publish(message: TopicMessage): Promise<string>;
}
