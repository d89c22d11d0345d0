import { createHash } from 'node:crypto';
import { SlipwayError } from '../../errors.ts';
import { implementAction, type ActionInput } from '../action.ts';
import { scopeOf } from '../runner/once.ts';
import { releaseFacts, type ReleaseFacts } from '../release-facts.ts';
import { ActionFailed, succeed } from '../result.ts';
import { webApi } from '../web/web-api.ts';
import { sendNotification } from './declaration.ts';
import { topicMessage } from './topic-message.ts';
import { isTaken, webhookBody, webhookUrl } from './webhook.ts';

type Input = ActionInput<typeof sendNotification>;

export default implementAction(sendNotification, async (input) => {
  const { topicArn, required } = input.parameters;
  try {
    const facts = await releaseFacts(input);
    const make = (): Promise<string> => (topicArn === undefined ? post(input, facts) : publish(input, topicArn, facts));
    const { result: messageId, isNew } = await input.once('message', { make });
    return succeed({
      outputs: messageId === '' ? {} : { messageId },
      summary: isNew ? 'the message is sent' : 'the message was sent before',
    });
  } catch (thrown) {
    if (required || !(thrown instanceof SlipwayError)) throw thrown;
    input.log.error('a message that is not required could not be sent', thrown);
    return succeed({ summary: `the message could not be sent: ${thrown.message}` });
  }
});

function publish(
  { parameters, gateways, context, jobId }: Input,
  topicArn: string,
  facts: ReleaseFacts,
): Promise<string> {
  const { message, subject } = parameters;
  const deduplicationId = createHash('sha256').update(scopeOf(context, jobId)).digest('hex');
  return gateways.topics.publish({ topicArn, deduplicationId, ...topicMessage({ message, subject }, facts) });
}

/** @returns nothing to name the message by: a webhook has none */
async function post(input: Input, facts: ReleaseFacts): Promise<''> {
  const { parameters, gateways, signal, remainingMs, clock } = input;
  const { webhookSecret = '', format, message } = parameters;
  const baseUrl = webhookUrl(webhookSecret, await gateways.secrets.read(webhookSecret));
  const webhook = webApi({ name: 'the webhook', baseUrl, signal, remainingMs, clock });
  const { status, text } = await webhook.call({ method: 'POST', path: '', body: webhookBody(format, message, facts) });
  if (isTaken(baseUrl, text)) return '';
  const answer = `the webhook answered ${status}, but not that it took the message`;
  throw new ActionFailed('SystemUnavailable', `${answer}; is its URL right, and does no log-in stand before it?`);
}
