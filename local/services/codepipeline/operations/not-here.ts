import type { CodePipeline } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';

/** Operations that are refused, with the reason; docs/compatibility.md tells them. */
export const operationsNotHere = [
  {
    operations: [
      'AcknowledgeThirdPartyJob',
      'GetThirdPartyJobDetails',
      'PollForThirdPartyJobs',
      'PutThirdPartyJobFailureResult',
      'PutThirdPartyJobSuccessResult',
    ],
    why: 'actions of partners (owner ThirdParty) are not run here; a custom action type has the same protocol with PollForJobs',
  },
  {
    operations: [
      'DeleteWebhook',
      'DeregisterWebhookWithThirdParty',
      'ListWebhooks',
      'PutWebhook',
      'RegisterWebhookWithThirdParty',
    ],
    why: 'webhooks start pipelines whose source is GitHub (version 1), which is not run here; a connection source has triggers',
  },
] as const satisfies readonly { operations: readonly (keyof Operations<CodePipeline>)[]; why: string }[];

/** Answers each of them with its reason. */
export function refusedOperations(): Operations<CodePipeline> {
  const refusals = operationsNotHere.flatMap(({ operations, why }) =>
    operations.map((operation) => [operation, () => refuse(operation, why)] as const),
  );
  return Object.fromEntries(refusals);
}

function refuse(operation: string, why: string): never {
  throw new AwsError('NotImplemented', `codepipeline ${operation} is not supported locally: ${why}`, {
    httpStatus: 501,
  });
}
