import type { Principal } from '../../../gateway/principal.ts';
import type { Gateway } from '../../../gateway/service.ts';
import { queueUrlOf } from '../../queue-url.ts';

/** A message for a queue that is known by its ARN. */
export interface QueueMessage {
  readonly queueArn: string;
  readonly body: string;
  readonly messageGroupId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Sends to a queue by ARN. @throws AwsError as SQS does, e.g. `QueueDoesNotExist` */
export async function sendMessage(message: QueueMessage, gateway: Gateway, principal: Principal): Promise<void> {
  const attributes = Object.entries(message.attributes ?? {}).map(([key, value]) => [
    key,
    { DataType: 'String', StringValue: value },
  ]);
  await gateway.handle(
    {
      service: 'sqs',
      operation: 'SendMessage',
      input: {
        QueueUrl: queueUrlOf(message.queueArn),
        MessageBody: message.body,
        ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
        ...(message.messageGroupId ? { MessageGroupId: message.messageGroupId } : {}),
      },
    },
    principal,
  );
}
