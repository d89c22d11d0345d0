import type { Principal } from '../../../gateway/principal.ts';
import type { Gateway } from '../../../gateway/service.ts';

/** A message for a queue that is known by its ARN. */
export interface QueueMessage {
  readonly queueArn: string;
  readonly body: string;
  readonly messageGroupId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Sends to a queue by ARN. @throws AwsError as SQS does, e.g. `QueueDoesNotExist` */
export async function sendMessage(message: QueueMessage, gateway: Gateway, principal: Principal): Promise<void> {
  const [, , , , account, name] = message.queueArn.split(':');
  const input = { QueueName: name, QueueOwnerAWSAccountId: account };
  // GetQueueUrl answers an object with a QueueUrl, or throws.
  const found = (await gateway.handle({ service: 'sqs', operation: 'GetQueueUrl', input }, principal)) as {
    QueueUrl: string;
  };
  const attributes = Object.entries(message.attributes ?? {}).map(([key, value]) => [
    key,
    { DataType: 'String', StringValue: value },
  ]);
  await gateway.handle(
    {
      service: 'sqs',
      operation: 'SendMessage',
      input: {
        QueueUrl: found.QueueUrl,
        MessageBody: message.body,
        ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
        ...(message.messageGroupId ? { MessageGroupId: message.messageGroupId } : {}),
      },
    },
    principal,
  );
}
