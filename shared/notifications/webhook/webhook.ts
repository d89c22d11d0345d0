import { messageOf, SlipwayError } from '../../errors.ts';
import type { Channel } from '../channel.ts';

/** A channel did not take a message; it may later. */
export class ChannelFailed extends SlipwayError {
  override readonly name = 'ChannelFailed';
  override readonly kind = 'unavailable';
  override readonly retryable = true;
}

const timeoutMs = 5000;

/** Posts each message as JSON to a URL, which may be secret and so is in no error. */
export function webhookChannel(url: string, post: typeof fetch = fetch): Channel {
  return {
    id: 'webhook',
    async tell(message) {
      const request: RequestInit = {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': message.id },
        body: JSON.stringify(message),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      };
      const status = await post(url, request).then(
        (response) => response.status,
        (cause: unknown) => {
          throw new ChannelFailed(`the webhook channel got no answer: ${messageOf(cause)}; check its URL`, { cause });
        },
      );
      if (status >= 300) throw new ChannelFailed(`the webhook channel was answered ${status}; 2xx was expected`);
    },
  };
}
