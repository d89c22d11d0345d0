import { awsSdk } from './aws-sdk.ts';
import type { Integration } from './integration.ts';

/** `aws-sdk:sfn:startSyncExecution`: an SDK call like any other, but one that lasts as long as the execution. */
export const startSyncExecution: Integration = {
  ...awsSdk,
  name: 'aws-sdk:sfn:startSyncExecution',
  patterns: ['request-response'],
  takesServiceTime: true,
  matches: ({ service, action }) => service === 'aws-sdk:sfn' && action === 'startSyncExecution',
};
