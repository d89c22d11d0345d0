import type { SNS, Tag } from '@aws-sdk/client-sns';
import type { Operations } from '../../gateway/service.ts';
import { invalidParameter } from './sns-error.ts';
import type { SubscriptionParts } from './subscriptions.ts';
import { createTopic, describeTopic, readTopicAttributes } from './topics.ts';

type TopicOperations = 'CreateTopic' | 'DeleteTopic' | 'ListTopics' | 'GetTopicAttributes' | 'SetTopicAttributes';

const pageSize = 100;

/** The operations on topics. */
export function topicOperations({ topics, context }: SubscriptionParts): Pick<Operations<SNS>, TopicOperations> {
  return {
    CreateTopic: ({ Name = '', Attributes = {}, Tags = [] }) => {
      const topic = createTopic(Name, { attributes: Attributes, tags: toTagMap(Tags) }, { topics, context });
      return { TopicArn: topic.arn };
    },
    DeleteTopic: ({ TopicArn = '' }) => {
      topics.delete(TopicArn);
      return {};
    },
    ListTopics: ({ NextToken = '' }) => {
      const { page, next } = toPage(topics.list(), NextToken);
      return { Topics: page.map(({ arn }) => ({ TopicArn: arn })), ...next };
    },
    GetTopicAttributes: ({ TopicArn = '' }) => ({
      Attributes: describeTopic(topics.get(TopicArn), topics, context.account),
    }),
    SetTopicAttributes: ({ TopicArn = '', AttributeName = '', AttributeValue = '' }) => {
      const topic = topics.get(TopicArn);
      const set = readTopicAttributes({ [AttributeName]: AttributeValue });
      topics.put({ ...topic, attributes: { ...topic.attributes, ...set } });
      return {};
    },
  };
}

/** One page of at most 100 things that are listed by ARN; the token is the place to go on. */
export function toPage<T>(all: readonly T[], token: string): { page: T[]; next: { NextToken?: string } } {
  const start = token === '' ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('NextToken');
  const isMore = all.length > start + pageSize;
  return { page: all.slice(start, start + pageSize), next: isMore ? { NextToken: String(start + pageSize) } : {} };
}

function toTagMap(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
