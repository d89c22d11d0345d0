import type { SNS } from '@aws-sdk/client-sns';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';

/** What each operation of SNS needs. SNS spells its actions with capitals. */
export function snsPermissions(place: Place): PermissionTable<SNS> {
  const topics = `${arnPrefix('sns', place)}*`;
  const anywhere = (action: string) => (): Permission => ({ action: `SNS:${action}`, resource: topics });
  const onTopic =
    (action: string) =>
    ({ TopicArn: arn }: { TopicArn?: string | undefined }): Permission => ({
      action: `SNS:${action}`,
      resource: arn ?? topics,
    });
  return {
    CreateTopic: ({ Name: name }) => ({ action: 'SNS:CreateTopic', resource: `${arnPrefix('sns', place)}${name}` }),
    DeleteTopic: onTopic('DeleteTopic'),
    ListTopics: anywhere('ListTopics'),
    GetTopicAttributes: onTopic('GetTopicAttributes'),
    SetTopicAttributes: onTopic('SetTopicAttributes'),
    Subscribe: onTopic('Subscribe'),
    ConfirmSubscription: onTopic('ConfirmSubscription'),
    Unsubscribe: anywhere('Unsubscribe'),
    ListSubscriptions: anywhere('ListSubscriptions'),
    ListSubscriptionsByTopic: onTopic('ListSubscriptionsByTopic'),
    GetSubscriptionAttributes: anywhere('GetSubscriptionAttributes'),
    SetSubscriptionAttributes: anywhere('SetSubscriptionAttributes'),
    Publish: ({ TopicArn: topic, TargetArn: target }) => onTopic('Publish')({ TopicArn: topic ?? target }),
    PublishBatch: onTopic('Publish'),
  };
}
