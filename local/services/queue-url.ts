/**
 * The URL by which a service sends to a queue that it knows by ARN. Asking SQS for it would need a permission that queue
 * policies do not give to services.
 */
export function queueUrlOf(queueArn: string): string {
  const [, , , region, account, name] = queueArn.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
