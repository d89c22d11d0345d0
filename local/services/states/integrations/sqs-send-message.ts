import { callAws, optimizedSpelling, sdkMetadata, withTexts } from './call-aws.ts';
import type { Integration } from './integration.ts';

/** `sqs:sendMessage`; a MessageBody may be JSON and is sent as its text. */
export const sqsSendMessage: Integration = {
  name: 'sqs:sendMessage',
  patterns: ['request-response', 'waitForTaskToken'],
  matches: ({ service, action }) => service === 'sqs' && action === 'sendMessage',
  async call(task) {
    const output = await callAws(task, {
      service: 'sqs',
      operation: 'SendMessage',
      arguments: withTexts(task.arguments, ['MessageBody']),
      spelling: optimizedSpelling('SQS', 'AmazonSQS', 'AmazonSQSException'),
    });
    return { ...output, ...sdkMetadata() };
  },
};
