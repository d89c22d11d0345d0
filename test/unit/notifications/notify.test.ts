import { readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { HttpRequest, SendHttp } from '../../../shared/http-client.ts';
import { silentLog } from '../../../shared/log.ts';
import type { SlipwayEvent } from '../../../shared/events/event.ts';
import type { Channel } from '../../../shared/notifications/channel.ts';
import { toMessage, type Message } from '../../../shared/notifications/message.ts';
import { notify } from '../../../shared/notifications/notify.ts';
import { openChannels } from '../../../shared/notifications/registry.ts';
import { webhookChannel } from '../../../shared/notifications/webhook/webhook.ts';
import { releaseId } from '../../support/domain.ts';

const failed: SlipwayEvent = {
  contract: 1,
  id: 'event-1',
  at: '2026-01-05T09:00:00.000Z',
  type: 'release.failed',
  releaseId,
  service: 'checkout',
  traceId: 'trace',
  attempt: 1,
  error: 'FAILED',
  reason: 'Scan/Scan: index.js:3 holds a key',
};

describe('a message', () => {
  it('says in one line what happened to which service', () => {
    expect(toMessage(failed)).toMatchObject({
      id: 'event-1',
      severity: 'failure',
      text: 'checkout: failed: Scan/Scan: index.js:3 holds a key',
    });
  });
});

describe('notify', () => {
  it('tells every channel, and then fails with the one that failed', async () => {
    const told: Message[] = [];
    const good: Channel = { id: 'good', tell: async (message) => void told.push(message) };
    const bad: Channel = { id: 'bad', tell: () => Promise.reject(new Error('down')) };
    await expect(notify([bad, good], failed, silentLog)).rejects.toThrow('down');
    expect(told).toHaveLength(1);
  });

  it('has a channel for each folder', () => {
    const folders = readdirSync(new URL('../../../shared/notifications', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const channels = openChannels({ log: silentLog, webhookUrl: 'https://example.com' });
    expect(channels.map(({ id }) => id).sort()).toEqual(folders.sort());
    expect(openChannels({ log: silentLog }).map(({ id }) => id)).toEqual(['log']);
  });
});

describe('the webhook channel', () => {
  const message = toMessage(failed);
  const answering =
    (status: number, seen: HttpRequest[] = []): SendHttp =>
    async (_, request = {}) => {
      seen.push(request);
      return { status, headers: new Map(), body: Readable.from([]), discard: () => undefined };
    };

  it('posts the message as JSON, with its id for those who hear it twice', async () => {
    const seen: HttpRequest[] = [];
    await webhookChannel('https://example.com/secret', answering(204, seen)).tell(message);
    expect(seen[0]).toMatchObject({ method: 'POST', headers: { 'idempotency-key': 'event-1' } });
    expect(JSON.parse(String(seen[0]?.body))).toEqual(message);
  });

  it.each([
    ['is answered 500', answering(500)],
    ['gets no answer', () => Promise.reject(new Error('refused'))],
  ])('fails without naming its URL when it %s', async (_, post) => {
    const telling = webhookChannel('https://example.com/secret', post).tell(message);
    await expect(telling).rejects.toMatchObject({ name: 'ChannelFailed', retryable: true });
    await expect(telling).rejects.not.toThrow(/secret/);
  });
});
