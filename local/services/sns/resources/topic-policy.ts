import type { JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceType } from '../../../template/resource.ts';
import { invalidParameter } from '../sns-error.ts';
import type { TopicStore } from '../topic-store.ts';

/** `AWS::SNS::TopicPolicy`: kept with each of its topics, where GetTopicAttributes shows it. */
export function topicPolicyResource(topics: TopicStore): ResourceType {
  const put = (physicalId: string, properties: JsonObject): Provisioned => {
    const policy = JSON.stringify(properties['PolicyDocument'] ?? {});
    for (const arn of topicArns(properties)) {
      const topic = topics.get(arn);
      topics.put({ ...topic, attributes: { ...topic.attributes, Policy: policy } });
    }
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    type: 'AWS::SNS::TopicPolicy',
    create: (properties, context) => put(context.generateName(128), properties),
    update: (current, properties) => put(current.physicalId, properties),
    delete: (_current, properties) => {
      for (const arn of topicArns(properties)) {
        const topic = topics.find(arn);
        if (!topic) continue;
        const attributes = Object.fromEntries(Object.entries(topic.attributes).filter(([name]) => name !== 'Policy'));
        topics.put({ ...topic, attributes });
      }
    },
  };
}

function topicArns({ Topics }: JsonObject): string[] {
  if (!Array.isArray(Topics)) throw invalidParameter('Topics must list the ARNs of topics');
  return Topics.map(String);
}
