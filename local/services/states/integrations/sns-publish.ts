import { callAws, optimizedSpelling, sdkMetadata, withTexts } from './call-aws.ts';
import type { Integration } from './integration.ts';

/** `sns:publish`; a Message may be JSON and is sent as its text. */
export const snsPublish: Integration = {
  name: 'sns:publish',
  patterns: ['request-response', 'waitForTaskToken'],
  matches: ({ service, action }) => service === 'sns' && action === 'publish',
  async call(task) {
    const output = await callAws(task, {
      service: 'sns',
      operation: 'Publish',
      arguments: withTexts(task.arguments, ['Message']),
      spelling: optimizedSpelling('SNS', 'AmazonSNS', 'AmazonSNSException'),
    });
    return { ...output, ...sdkMetadata() };
  },
};
