import { messageOf, SlipwayError } from '../../errors.ts';
import { sendOnce, type HttpRequest, type SendHttp } from '../../http-client.ts';
import type { Channel } from '../channel.ts';

/** A channel did not take a message; it may later. */
export class ChannelFailed extends SlipwayError {
  override readonly name = 'ChannelFailed';
  override readonly kind = 'unavailable';
  override readonly retryable = true;
}

const timeoutMs = 5000;

/** Posts each message as JSON to a URL, which may be secret and so is in no error. */
export function webhookChannel(url: string, post: SendHttp = sendOnce): Channel {
  return {
    id: 'webhook',
    async tell(message) {
      const request: HttpRequest = {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': message.id },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(timeoutMs),
      };
      const { status, discard } = await post(url, request).catch((cause: unknown) => {
        throw new ChannelFailed(`the webhook channel got no answer: ${messageOf(cause)}; check its URL`, { cause });
      });
      discard();
      if (status >= 300) throw new ChannelFailed(`the webhook channel was answered ${status}; 2xx was expected`);
    },
  };
}
