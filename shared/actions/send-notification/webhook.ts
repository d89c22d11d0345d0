import * as z from 'zod/mini';
import { parseJson } from '../../parse-json.ts';
import { fillTemplate, type ReleaseFacts } from '../release-facts.ts';
import { ActionFailed } from '../result.ts';
import { isSafeUrl } from '../web/web-url.ts';

/** What an incoming webhook gets. */
export type WebhookFormat = 'slack' | 'json';

const wrappedSchema = z.object({ url: z.string() });

/**
 * The URL in a secret: alone, or as `{"url":"…"}`.
 * @throws ActionFailed if it is none that may be posted to; the message does not quote it, since the URL is the secret
 */
export function webhookUrl(secretName: string, text: string): string {
  const url = unwrapped(text.trim());
  if (url !== undefined && isSafeUrl(url)) return url;
  throw new ActionFailed(
    'ConfigurationError',
    `secret ${secretName} holds no webhook's URL; put in https://… or {"url":"https://…"}`,
  );
}

function unwrapped(text: string): string | undefined {
  return text.startsWith('{') ? wrappedSchema.safeParse(parseJson(text)).data?.url : text;
}

/** An incoming webhook of Slack; those of its workflows answer otherwise. */
const slackWebhook = /^https:\/\/hooks\.slack(-gov)?\.com\/services\//;

/**
 * Whether an answer of 200 says that the message was taken: any but a page, which comes from a proxy or a log-in in front of the
 * webhook; of Slack the `ok` that its own client expects
 * (https://github.com/slackapi/node-slack-sdk/blob/main/packages/webhook/src/IncomingWebhook.test.ts). What type an answer has
 * tells nothing: Slack's `ok` is `text/html`.
 */
export function isTaken(url: string, answer: string): boolean {
  const begin = answer.slice(0, 1_000).trim();
  if (slackWebhook.test(url)) return begin === 'ok';
  return !(begin.startsWith('<') && /<(!doctype html|html|head|body|meta|script|title)\b/i.test(begin));
}

/**
 * The body of a message. In Slack's, what facts hold is no markup: nobody mentions a whole channel in a commit's message
 * (https://docs.slack.dev/messaging/formatting-message-text/#escaping); the template may have markup.
 */
export function webhookBody(format: WebhookFormat, template: string, facts: ReleaseFacts): unknown {
  if (format === 'slack') return { text: fillTemplate(template, escaped(facts)) };
  return { contract: 1, text: fillTemplate(template, facts), ...facts };
}

function escaped(facts: ReleaseFacts): ReleaseFacts {
  const entries = Object.entries(facts).map(([name, value]) => [
    name,
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ]);
  // The same names as before.
  return Object.fromEntries(entries) as ReleaseFacts;
}
