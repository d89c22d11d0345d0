import { expect, it } from 'vitest';
import { webhookResource } from '../../../local/services/codepipeline/webhook-resource.ts';
import { planStack } from '../../../local/template/plan.ts';

it('[codepipeline.webhooks.refused] AWS::CodePipeline::Webhook is refused with its reason before anything is touched', () => {
  const types = new Map([[webhookResource.type, webhookResource]]);
  const rest = { Properties: {}, DependsOn: [], DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' };
  const resources = { Hook: { Type: 'AWS::CodePipeline::Webhook', ...rest } };
  expect(() => planStack('App', resources, [], types)).toThrow(
    /^stack App, Hook: the resource type AWS::CodePipeline::Webhook is not supported locally: webhooks start .*triggers$/,
  );
});
