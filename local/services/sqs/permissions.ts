import type { SQS } from '@aws-sdk/client-sqs';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';

/** What each operation of SQS needs. SQS spells its actions in small letters; batches need what one message needs. */
export function sqsPermissions(place: Place): PermissionTable<SQS> {
  const queue = (action: string, name: string | undefined): Permission => ({
    action: `sqs:${action}`,
    resource: `${arnPrefix('sqs', place)}${name}`,
  });
  const onQueue =
    (action: string) =>
    ({ QueueUrl: url }: { QueueUrl?: string | undefined }) =>
      queue(action, url?.split('/').at(-1));
  return {
    GetQueueUrl: ({ QueueName: name }) => queue('getqueueurl', name),
    ListQueues: () => queue('listqueues', '*'),
    GetQueueAttributes: onQueue('getqueueattributes'),
    SetQueueAttributes: onQueue('setqueueattributes'),
    PurgeQueue: onQueue('purgequeue'),
    SendMessage: onQueue('sendmessage'),
    SendMessageBatch: onQueue('sendmessage'),
    ReceiveMessage: onQueue('receivemessage'),
    DeleteMessage: onQueue('deletemessage'),
    DeleteMessageBatch: onQueue('deletemessage'),
    ChangeMessageVisibility: onQueue('changemessagevisibility'),
    ChangeMessageVisibilityBatch: onQueue('changemessagevisibility'),
  };
}
