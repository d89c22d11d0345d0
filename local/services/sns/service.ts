import { join } from 'node:path';
import * as schemas from '@aws-sdk/client-sns';
import { defineService } from '../../gateway/service.ts';
import type { CloudContext, OpenService, ServiceModule } from '../service-module.ts';
import { openDeliveries } from './deliveries.ts';
import { openEnvelopes } from './envelope.ts';
import { snsPermissions } from './permissions.ts';
import { publishOperations } from './publish-operations.ts';
import { subscriptionResource } from './resources/subscription.ts';
import { topicPolicyResource } from './resources/topic-policy.ts';
import { topicResource } from './resources/topic.ts';
import { unsignedRoute } from './route.ts';
import { openSigner } from './signer.ts';
import { subscriptionOperations } from './subscription-operations.ts';
import type { SubscriptionParts } from './subscriptions.ts';
import { topicOperations } from './topic-operations.ts';
import { openTopicStore } from './topic-store.ts';

/** What may be set for one cloud. */
export interface SnsOptions {
  /** True lets HTTP deliveries leave this machine. */
  readonly mayLeaveMachine: boolean;
}

/** SNS: topics whose messages reach functions, queues and HTTP endpoints of this machine. */
export const openSns: OpenService = (context) => openSnsWith(context, { mayLeaveMachine: false });

/** `openSns` with other options. */
function openSnsWith(context: CloudContext, { mayLeaveMachine }: SnsOptions): ServiceModule {
  const topics = openTopicStore(context);
  const signer = openSigner(join(context.folder, 'sns'));
  const envelopes = openEnvelopes(signer, context.endpoint);
  const deliveries = openDeliveries(topics, { context, envelopes, mayLeaveMachine });
  const parts: SubscriptionParts = { context, topics, deliveries };
  return {
    api: defineService<schemas.SNS>({
      name: 'sns',
      schemas,
      protocol: { kind: 'query', xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
      operations: { ...topicOperations(parts), ...subscriptionOperations(parts), ...publishOperations(parts) },
    }),
    permissions: snsPermissions(context),
    resourcePolicy: (arn) => topics.find(arn)?.attributes['Policy'],
    resources: [topicResource(parts), subscriptionResource(parts), topicPolicyResource(topics)],
    routes: [unsignedRoute(parts, signer)],
  };
}
