import { notSupportedLocally } from '../../errors.ts';
import type { ResourceType } from '../../template/resource.ts';

const type = 'AWS::CodePipeline::Webhook';

const why =
  'webhooks start pipelines whose source is GitHub (version 1), which is not run here; ' +
  'a source with a connection starts its pipeline by itself or has triggers';

/** `AWS::CodePipeline::Webhook`: refused with its reason. */
export const webhookResource: ResourceType = {
  type,
  refusedBecause: why,
  create: refuse,
  update: refuse,
  delete: () => undefined,
};

function refuse(): never {
  throw notSupportedLocally(type);
}
