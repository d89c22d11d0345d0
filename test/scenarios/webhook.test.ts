import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tapEvents, type EventTap } from '../support/event-tap.ts';
import { deliver, pushOf, signatureOf, type Delivery } from '../support/github-push.ts';
import { ask, demoReleaseOf, startSlipway, untilRelease, type StartedSlipway } from '../support/installation.ts';
import { functionLog, invocationCount, scanTable } from '../support/records.ts';

const receiver = 'TriggersReceiveGithub';
const commit = 'c0ffee'.padEnd(40, '0');

/** Stands in every refused body, and must stand nowhere else. */
const marker = 'payload-marker-7f3a';

let slipway: StartedSlipway;
let tap: EventTap;

beforeAll(async () => {
  slipway = await startSlipway('--ask', '--speed', '60');
  // From here on nothing moves but what a test sends.
  await untilRelease(slipway.installation, await demoReleaseOf(slipway.command), ({ approval }) => !!approval);
  tap = await tapEvents(slipway.installation);
  await tap.drain();
}, 90_000);

afterAll(async () => {
  await tap?.close();
  await slipway?.[Symbol.asyncDispose]();
});

const body = JSON.stringify(pushOf(commit, { head_commit: { message: marker } }));

interface Refusal {
  readonly delivery: Delivery;
  readonly status: number;
  readonly answer: object;
}

const refusals: Readonly<Record<string, Refusal>> = {
  'without a signature': {
    delivery: { body, signature: null },
    status: 401,
    answer: { error: 'Unauthenticated', message: expect.stringMatching(/X-Hub-Signature-256/i) },
  },
  'with a signature of another secret': {
    delivery: { body, signature: signatureOf(body, 'guessed') },
    status: 401,
    answer: { error: 'Unauthenticated', message: expect.stringMatching(/signature|secret/i) },
  },
  'with a signature of another body': {
    delivery: { body: `${body} `, signature: signatureOf(body, 'guessed') },
    status: 401,
    answer: { error: 'Unauthenticated' },
  },
  'that is larger than a push may be': {
    delivery: { body: JSON.stringify(pushOf(commit, { padding: marker.repeat(60_000) })) },
    status: 413,
    answer: { error: 'TooLarge', message: expect.stringContaining('1048576') },
  },
  'whose JSON is broken': {
    delivery: { body: `{"ref": "${marker}` },
    status: 400,
    answer: { error: 'InvalidInput', message: expect.stringContaining('JSON') },
  },
  'that lacks a field': {
    delivery: { body: JSON.stringify(pushOf(commit, { after: marker })) },
    status: 400,
    answer: { error: 'InvalidInput', message: expect.stringContaining('after') },
  },
  'of a repository that no service names': {
    delivery: { body: JSON.stringify(pushOf(commit, { repository: { full_name: 'acme/unknown' }, note: marker })) },
    status: 404,
    answer: { error: 'NotFound', message: expect.stringContaining('acme/unknown') },
  },
  'to another branch': {
    delivery: { body: JSON.stringify(pushOf(commit, { ref: 'refs/heads/topic', note: marker })) },
    status: 202,
    answer: { status: 'ignored', reason: expect.stringContaining('main') },
  },
  'that is no push': {
    delivery: { body: JSON.stringify({ action: marker }), event: 'issues' },
    status: 202,
    answer: { status: 'ignored', reason: expect.stringContaining('issues') },
  },
};

describe('the webhook', () => {
  it.each(Object.entries(refusals))('leaves nothing behind of a delivery %s', async (_, refusal) => {
    const { folder, installation } = slipway;
    const before = { items: await scanTable(installation), lines: functionLog(folder, receiver).length };

    const answer = await deliver(installation, refusal.delivery);

    expect(answer).toMatchObject({ status: refusal.status, body: refusal.answer });
    const lines = functionLog(folder, receiver).slice(before.lines);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain(marker);
    expect(JSON.stringify(answer)).not.toContain(marker);
    expect(await scanTable(installation)).toEqual(before.items);
    // Alarms find their first state by themselves meanwhile.
    const heard = (await tap.drain()).filter((event) => !event.includes('"source":"aws.cloudwatch"'));
    expect(heard).toEqual([]);
  });

  it('turns a body away that not even the API takes, and calls no function', async () => {
    const before = invocationCount(slipway.folder, receiver);

    const answer = await deliver(slipway.installation, { body: Buffer.alloc(10 * 1024 * 1024 + 1) });

    expect(answer.status).toBe(413);
    expect(invocationCount(slipway.folder, receiver)).toBe(before);
  });

  it('answers a replay with the first release, whatever delivery id it carries', async () => {
    const { folder, installation } = slipway;
    const first = await deliver(installation, { body, deliveryId: 'first' });
    const releaseId = String(first.body['releaseId']);
    await untilRelease(installation, releaseId, ({ status }) => status === 'waiting-for-source');
    expect((await tap.drain()).join()).toContain('release.requested');
    const before = { items: await scanTable(installation), lines: functionLog(folder, receiver).length };

    const replay = await deliver(installation, { body, deliveryId: 'second' });

    expect(replay).toEqual({
      status: 202,
      body: { status: 'duplicate', releaseId, statusPath: `/api/releases/${releaseId}` },
    });
    expect(functionLog(folder, receiver).slice(before.lines)).toMatchObject([
      { message: 'webhook repeated', releaseId },
    ]);
    expect(await scanTable(installation)).toEqual(before.items);
    // Alarms find their first state by themselves meanwhile.
    const heard = (await tap.drain()).filter((event) => !event.includes('"source":"aws.cloudwatch"'));
    expect(heard).toEqual([]);
    const { body: read } = await ask(installation, `/api/releases/${releaseId}`);
    expect(read).toMatchObject({ release: { cause: { deliveryId: 'first' } } });
  });
});
