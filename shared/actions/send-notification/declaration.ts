import * as z from 'zod/mini';
import { declareAction } from '../action.ts';
import { followingRules, rulesAtSynth, type ParameterRule } from '../parameter-rules.ts';
import { templateSchema } from '../release-facts.ts';
import { readSecretNamed, secretNameSchema } from '../gateways/secrets.ts';

/** Known only when the pipeline runs if it holds `#{…}`. */
const topicArn = /^arn:[a-z0-9-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/;

const rules: readonly ParameterRule<{
  readonly topicArn?: string | undefined;
  readonly webhookSecret?: string | undefined;
}>[] = [
  {
    of: undefined,
    reads: [],
    problem: ({ topicArn: topic, webhookSecret: webhook }) =>
      (topic === undefined) === (webhook === undefined) ? 'name either a topicArn or a webhookSecret' : undefined,
  },
];

const parametersSchema = z
  .strictObject({
    /** The ARN of an SNS topic to publish to. */
    topicArn: z.optional(z.string().check(z.regex(topicArn, 'must be the ARN of a topic'))),
    /** The name of a secret in Secrets Manager that holds the URL of an incoming webhook. */
    webhookSecret: z.optional(secretNameSchema),
    /** What the webhook gets: Slack's `{"text":"…"}`, or the text with every fact as a JSON object. */
    format: z._default(z.enum(['slack', 'json']), 'slack'),
    message: z._default(
      templateSchema,
      '{{service}} {{shortCommit}} is {{outcome}}, asked for by {{requestedBy}} ({{release}})',
    ),
    /** For a topic: what e-mail shows. */
    subject: z.optional(templateSchema),
    /** Whether a message that cannot be sent fails the action. */
    required: z._default(z.boolean(), true),
  })
  .check(followingRules(rules));

/** Tells people about a release, where a pipeline says so. */
export const sendNotification = declareAction({
  id: 'send-notification',
  description: 'Sends a message about the release to an SNS topic or an incoming webhook, once.',
  parameters: parametersSchema,
  outputs: ['messageId'],
  gateways: ['secrets', 'topics'],
  permissionsFor: ({ topicArn: topic, webhookSecret: webhook }, where) => [
    ...(topic === undefined ? [] : [{ actions: ['sns:Publish'], resources: [topic] }]),
    ...(webhook === undefined ? [] : [readSecretNamed(webhook, where)]),
  ],
  problemsOf: rulesAtSynth(rules),
  isIdempotent: true,
  timeoutSeconds: 60,
});
