import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { TopicGateway } from '../../actions/gateways/topics.ts';
import { clientSettings } from '../client-settings.ts';
import { calling } from '../failure.ts';
import { refuseBy } from '../refusal.ts';

/** SNS, for an action. */
export function openGateway(client: SNSClient = new SNSClient(clientSettings)): TopicGateway {
  return {
    publish: ({ topicArn, subject, message, attributes, deduplicationId }) =>
      calling('sns:Publish', async () => {
        const isFifo = topicArn.endsWith('.fifo');
        const command = new PublishCommand({
          TopicArn: topicArn,
          Message: message,
          ...(subject !== undefined && { Subject: subject }),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
          ),
          ...(isFifo && { MessageGroupId: 'slipway', MessageDeduplicationId: deduplicationId }),
        });
        const { MessageId } = await client.send(command).catch((thrown: unknown) => refuse(topicArn, thrown));
        return MessageId ?? '';
      }),
  };
}

function refuse(topicArn: string, cause: unknown): never {
  return refuseBy(cause, [
    [['NotFoundException'], 'ConfigurationError', `there is no topic ${topicArn}; check its ARN`],
    [
      ['InvalidParameterException', 'InvalidParameterValueException'],
      'ConfigurationError',
      `topic ${topicArn} does not take the message; check its size`,
    ],
    [
      ['AuthorizationErrorException'],
      'PermissionError',
      `this action's role may not publish to ${topicArn}; pass its ARN at synth`,
    ],
    [
      ['KMSAccessDeniedException', 'KMSDisabledException', 'KMSNotFoundException'],
      'PermissionError',
      `this action's role may not use the key of topic ${topicArn}; allow kms:GenerateDataKey and kms:Decrypt in its policy`,
    ],
  ]);
}
