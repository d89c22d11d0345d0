import type { Log } from '../log.ts';
import type { Channel } from './channel.ts';
import { logChannel } from './log/log.ts';
import { webhookChannel } from './webhook/webhook.ts';

/** What channels are made of; one whose setting is absent is silent. */
export interface ChannelSettings {
  readonly log: Log;
  readonly webhookUrl?: string | undefined;
}

/** Every channel that is configured; a folder and a line here is all that a new one takes. */
export function openChannels({ log, webhookUrl }: ChannelSettings): readonly Channel[] {
  return [logChannel(log), ...(webhookUrl ? [webhookChannel(webhookUrl)] : [])];
}
