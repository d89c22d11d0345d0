import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../../shared/log.ts';
import { requestRelease } from '../../../shared/releases/request.ts';
import type { SlipwayEvent } from '../../../shared/events/event.ts';
import { githubDeclaration } from '../../../shared/triggers/github/declaration.ts';
import { trigger } from '../../../shared/triggers/github/github.ts';
import { receive, type ReceiveOutcome } from '../../../shared/triggers/receive.ts';
import { aDomain, aService, type Domain } from '../../support/domain.ts';

const secret = 'webhook secret';
const canary = 'canary-in-the-payload';
const push = {
  ref: 'refs/heads/main',
  after: 'c'.repeat(40),
  repository: { full_name: 'acme/checkout' },
  sender: { login: 'octocat' },
  canary,
};

let domain: Domain;
let lines: string[];
beforeEach(() => {
  domain = aDomain();
  lines = [];
});

const log: Log = {
  info: (message, fields) => void lines.push(JSON.stringify([message, fields])),
  warn: (message, fields) => void lines.push(JSON.stringify([message, fields])),
  error: (message, thrown, fields) => void lines.push(JSON.stringify([message, String(thrown), fields])),
};

function send(
  body: string,
  { signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`, secrets = [secret] } = {},
): Promise<ReceiveOutcome> {
  const headers = { 'x-github-event': 'push', 'x-hub-signature-256': signature };
  const context = { ...domain, log, traceId: 'trace', secrets: async () => secrets };
  return receive(context, trigger, { headers, body: new TextEncoder().encode(body) });
}

const published = (): SlipwayEvent[] => domain.published;

describe('receive', () => {
  it('publishes one request for a signed push and answers its release', async () => {
    const outcome = await send(JSON.stringify(push));
    expect(outcome).toMatchObject({ status: 'accepted', releaseId: expect.stringMatching(/^r-[0-9a-f]{32}$/) });
    expect(published()).toMatchObject([
      { type: 'release.requested', service: 'checkout', traceId: 'trace', revision: { value: 'c'.repeat(40) } },
    ]);
  });

  it('answers a repeat with the first release, and publishes nothing', async () => {
    await send(JSON.stringify(push));
    const first = published()[0]!;
    if (first.type !== 'release.requested') throw new Error('a request was expected');
    await requestRelease(domain, first, 'arn:1');
    expect(await send(JSON.stringify(push))).toMatchObject({ status: 'duplicate', releaseId: first.releaseId });
    expect(published()).toHaveLength(1);
  });

  it('names the same release for the same bytes and another for others', async () => {
    const one = await send(JSON.stringify(push));
    expect(await send(JSON.stringify(push))).toEqual(one);
    expect(await send(JSON.stringify({ ...push, size: 1 }))).not.toEqual(one);
  });

  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'a wrong signature',
      () => send(JSON.stringify(push), { signature: `sha256=${'0'.repeat(64)}` }),
      'Unauthenticated',
      /fits no valid secret/,
    ],
    ['a missing signature', () => send(JSON.stringify(push), { signature: '' }), 'Unauthenticated', /must be sha256=/],
    ['broken JSON', () => send('{'), 'InvalidInput', /not JSON/],
    [
      'a body over the limit',
      () => send('x'.repeat(githubDeclaration.maxBodyBytes + 1)),
      'TooLarge',
      /at most 1048576/,
    ],
    [
      'an unknown repository',
      () => send(JSON.stringify({ ...push, repository: { full_name: 'acme/x' } })),
      'NotFound',
      /declare a service/,
    ],
    [
      'a trigger without a secret',
      () => send(JSON.stringify(push), { secrets: [''] }),
      'Misconfigured',
      /has no secret/,
    ],
  ])('refuses %s, publishing and writing nothing', async (_, refuse, name, reason) => {
    const write = domain.store.write;
    await expect(refuse()).rejects.toMatchObject({ name, message: expect.stringMatching(reason) });
    expect(published()).toEqual([]);
    expect(domain.store.write).toBe(write);
    expect((await domain.store.query({ partition: 'releases', index: 'sweep', limit: 1 })).items).toEqual([]);
  });

  it('ignores another branch, and says why', async () => {
    const outcome = await send(JSON.stringify({ ...push, ref: 'refs/heads/feature' }));
    expect(outcome).toEqual({ status: 'ignored', reason: 'checkout is released from branch main, not from feature' });
    expect(published()).toEqual([]);
  });

  it('refuses a push that two services are released by', async () => {
    domain = aDomain({ services: [aService(), aService({ name: 'billing' })] });
    await expect(send(JSON.stringify(push))).rejects.toMatchObject({ name: 'Conflict' });
  });

  it('logs one line for each decision, without the payload', async () => {
    await send(JSON.stringify(push));
    await send(JSON.stringify({ ...push, ref: 'refs/heads/feature' }));
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain(canary);
  });
});
