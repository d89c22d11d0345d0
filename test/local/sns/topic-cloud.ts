import { openSns } from '../../../local/services/sns/service.ts';
import type { WireResponse } from '../../../local/gateway/service.ts';
import type { CloudContext, ServiceModule } from '../../../local/services/service-module.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

/** A cloud with SNS, one topic, and the links of its messages. */
export interface TopicCloud {
  cloud: TestCloud;
  readonly topicArn: string;
  publish(input: object): Promise<string>;
  subscribe(protocol: string, endpoint: string, attributes?: Record<string, string>): Promise<string>;
  /** Follows a link of a message, as a GET to the local endpoint. */
  follow(link: string): Promise<WireResponse>;
}

/** Opens it. Functions and queues are whatever the test answers for them. */
export async function topicCloud(): Promise<TopicCloud> {
  let sns: ServiceModule | undefined;
  const open = (context: CloudContext): ServiceModule => (sns = openSns(context));
  const cloud = await testCloud({ services: [open] });
  const { TopicArn: topicArn } = await cloud.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'releases' });
  const self: TopicCloud = {
    cloud,
    topicArn,
    publish: async (input) => {
      const output = await self.cloud.call<{ MessageId: string }>('sns', 'Publish', { TopicArn: topicArn, ...input });
      return output.MessageId;
    },
    subscribe: async (Protocol, Endpoint, Attributes = {}) => {
      const input = { TopicArn: topicArn, Protocol, Endpoint, Attributes };
      return (await self.cloud.call<{ SubscriptionArn: string }>('sns', 'Subscribe', input)).SubscriptionArn;
    },
    follow: (link) => {
      const { pathname, search } = new URL(link);
      const route = sns?.routes?.find(({ prefix }) => pathname.startsWith(prefix));
      if (!route) throw new Error(`no route serves ${pathname}`);
      return route.serve({
        method: 'GET',
        path: pathname,
        query: search.slice(1),
        headers: {},
        body: new Uint8Array(),
        sourceIp: '127.0.0.1',
      });
    },
  };
  return self;
}
