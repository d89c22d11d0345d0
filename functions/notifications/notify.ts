import { readConfig } from '../../shared/config.ts';
import { notify } from '../../shared/notifications/notify.ts';
import { openChannels } from '../../shared/notifications/registry.ts';
import { onMessage } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

const { SLIPWAY_NOTIFY_WEBHOOK_URL: webhookUrl } = readConfig(['SLIPWAY_NOTIFY_WEBHOOK_URL']);
const channels = openChannels({ log, webhookUrl });

/** Tells every channel what the topic says. */
export const handler = onMessage((event) => notify(channels, event, log));
