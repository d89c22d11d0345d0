import type { Compatibility } from '../../compatibility.ts';
import { filterRules } from './filter-rules.ts';

const lambdaGuide = 'https://docs.aws.amazon.com/lambda/latest/dg';
const api = 'https://docs.aws.amazon.com/sns/latest/api';
const guide = 'https://docs.aws.amazon.com/sns/latest/dg';

/** What SNS says of itself in docs/compatibility.md. */
export const snsCompatibility: Compatibility = {
  id: 'sns',
  title: 'SNS',
  scope: 'Standard topics with filters, to functions, queues and HTTP endpoints.',
  partly: {
    CreateTopic: 'FIFO topics, archives and tracing are refused',
    Publish: 'not to telephones or mobile endpoints',
    PublishBatch: 'standard topics only',
    SetSubscriptionAttributes: 'DeliveryPolicy, ReplayPolicy and SubscriptionRoleArn are refused',
    SetTopicAttributes: 'FIFO topics, archives and tracing are refused',
    Subscribe:
      'functions, queues and HTTP endpoints on this machine get messages; others are recorded; DeliveryPolicy and ReplayPolicy are refused',
  },
  refused: [
    { operations: ['AddPermission', 'RemovePermission'], why: 'use SetTopicAttributes with the attribute Policy' },
    { operations: ['TagResource', 'UntagResource', 'ListTagsForResource'], why: 'tags are not kept here' },
  ],
  otherwise: 'telephones, mobile push, sandboxes and data protection are not here',
  resourceTypePrefix: 'AWS::SNS::',
  resourceTypes: {
    'AWS::SNS::Topic': { answer: 'partly', how: 'standard topics; archives and data protection are refused' },
    'AWS::SNS::Subscription': { answer: 'partly', how: 'delivery and replay policies are refused' },
  },
  rules: [
    ...filterRules,
    {
      id: 'sns.http.confirmation',
      rule: 'An HTTP endpoint gets nothing but the request to confirm until it is confirmed, by its link or token.',
      source: `${guide}/sns-http-https-endpoint-as-subscriber.html`,
    },
    {
      id: 'sns.http.dead-letter',
      rule: 'What a dead endpoint did not take is put on its dead-letter queue.',
      source: `${guide}/sns-dead-letter-queues.html`,
    },
    { id: 'sns.http.local-only', rule: 'An endpoint that is not on this machine is refused.', source: 'inferred' },
    {
      id: 'sns.http.notification',
      rule: 'Notifications have the documented form, signed with the key that their link gives.',
      source: `${guide}/sns-message-and-json-formats.html`,
    },
    {
      id: 'sns.http.raw',
      rule: 'Raw delivery sends the bare text.',
      source: `${guide}/sns-large-payload-raw-message-delivery.html`,
    },
    {
      id: 'sns.http.retries',
      rule: 'A failing endpoint is tried three times more, 20 seconds apart; one that refuses is not.',
      source: `${guide}/sns-message-delivery-retries.html`,
    },
    {
      id: 'sns.http.token',
      rule: 'A token is valid for two days.',
      source: `${guide}/sns-http-https-endpoint-as-subscriber.html`,
    },
    { id: 'sns.operations', rule: 'Every operation is answered, or refused by its name.', source: 'inferred' },
    {
      id: 'sns.publish-batch',
      rule: 'A batch publishes what is right and names what is not.',
      source: `${api}/API_PublishBatch.html`,
    },
    {
      id: 'sns.publish.lambda',
      rule: 'A subscribed function is invoked with the documented event.',
      source: `${lambdaGuide}/with-sns.html`,
    },
    {
      id: 'sns.publish.not-delivered',
      rule: 'E-mail and text messages are recorded and told, not sent.',
      source: 'inferred',
    },
    {
      id: 'sns.publish.refused',
      rule: 'Messages over 256 KiB with their attributes, and malformed ones, are refused.',
      source: `${api}/API_Publish.html`,
    },
    {
      id: 'sns.publish.retries',
      rule: 'Throttled deliveries are tried again; refused ones are given up.',
      source: `${guide}/sns-message-delivery-retries.html`,
    },
    {
      id: 'sns.publish.sqs',
      rule: 'A queue gets the message in an envelope, or raw.',
      source: `${guide}/sns-large-payload-raw-message-delivery.html`,
    },
    {
      id: 'sns.publish.structure',
      rule: 'A structured message has a text for each protocol, and a default.',
      source: `${api}/API_Publish.html`,
    },
    {
      id: 'sns.subscribe.unconfirmed',
      rule: 'A subscription of a function or queue of the account needs no confirmation.',
      source: `${api}/API_Subscribe.html`,
    },
    {
      id: 'sns.topics.idempotent',
      rule: 'A topic is made once per name, and goes with its subscriptions.',
      source: `${api}/API_CreateTopic.html`,
    },
    { id: 'sns.topics.pages', rule: 'Topics are listed a hundred at a time.', source: `${api}/API_ListTopics.html` },
  ],
};
