import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { webApi, type WebApiOptions } from '../../../shared/actions/web/web-api.ts';
import { webServer, type WebReply, type WebServer } from '../../support/web-server.ts';

let server: WebServer | undefined;
afterEach(() => server?.close());

/** The API of a server that gives these replies in turn, the last one for ever; and how long it was waited. */
async function api(replies: readonly WebReply[], options: Partial<WebApiOptions> = {}) {
  server = await webServer((_request, count) => replies[Math.min(count, replies.length) - 1]!);
  const waits: number[] = [];
  const client = webApi({
    name: 'Tickets',
    baseUrl: `${server.url}/v2/`,
    headers: { authorization: 'Bearer hidden' },
    signal: new AbortController().signal,
    remainingMs: () => 60_000,
    clock: { nowMs: () => Date.parse('2026-01-01T00:00:00Z') },
    pause: async (ms) => void waits.push(ms),
    ...options,
  });
  return { client, waits, requests: server.requests };
}

const get = { method: 'GET', path: '/issues/7' } as const;
const post = { method: 'POST', path: '/issues', body: { title: 'x' } } as const;

describe('an API of the web', () => {
  it('is called below its base URL with its credentials and a JSON body', async () => {
    const { client, requests } = await api([{ status: 201, body: { id: 7 } }]);
    const answer = await client.call(post);
    expect(answer.json()).toEqual({ id: 7 });
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: '/v2/issues',
        text: '{"title":"x"}',
        headers: { authorization: 'Bearer hidden', 'content-type': 'application/json' },
      },
    ]);
  });

  it('is asked again after as long as Retry-After says, in seconds or as a date', async () => {
    const { client, waits } = await api([
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:20 GMT' } },
      { status: 200, body: {} },
    ]);
    expect((await client.call(post)).status).toBe(200);
    expect(waits).toEqual([7_000, 20_000]);
  });

  it('fails at once when Retry-After is past the time that the action has', async () => {
    const { client, waits } = await api([{ status: 429, headers: { 'retry-after': '3600' } }]);
    await expect(client.call(get)).rejects.toMatchObject({ type: 'SystemUnavailable' });
    expect(waits).toEqual([]);
  });

  it.each(['none', { status: 500 }] as const)(
    'is asked four times when it answers %j, with back-off',
    async (reply) => {
      const { client, waits, requests } = await api([reply]);
      await expect(client.call(get)).rejects.toMatchObject({ type: 'SystemUnavailable' });
      expect(requests).toHaveLength(4);
      expect(waits).toEqual([1_000, 2_000, 4_000]);
    },
  );

  const usedUp = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '12' };
  it.each<WebReply>([
    { status: 500 },
    { status: 502 },
    { status: 503, headers: usedUp },
    { status: 503, body: '<html>no upstream</html>' },
    'none',
  ])('is asked only once to create something when nobody knows whether it did (%j)', async (reply) => {
    const { client, requests } = await api([reply]);
    await expect(client.call(post)).rejects.toMatchObject({ type: 'SystemUnavailable' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225630' }, 30_000],
    [429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225630' }, 30_000],
    [429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '12' }, 12_000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225599' }, 1_000],
    [403, { 'x-ratelimit-remaining': '0' }, 1_000],
    [403, { 'retry-after': '9', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225630' }, 9_000],
    [403, { 'retry-after': '9', 'x-ratelimit-remaining': '4000' }, 9_000],
    [429, { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': '1767225630' }, 1_000],
  ])('is asked again once its limit of calls is over (%i, %j)', async (status, headers, waitMs) => {
    const { client, waits } = await api([
      { status, headers },
      { status: 201, body: {} },
    ]);
    expect((await client.call(post)).status).toBe(201);
    expect(waits).toEqual([waitMs]);
  });

  it('fails as unavailable when its limit of calls is not over in time', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767228000' };
    const { client, requests } = await api([{ status: 403, headers }]);
    await expect(client.call(get)).rejects.toMatchObject({
      type: 'SystemUnavailable',
      message: 'Tickets answered 403 to GET /issues/7; its limit of calls is used up, try again later',
    });
    expect(requests).toHaveLength(1);
  });

  it('is refused for good by a 403 while calls are left', async () => {
    const { client, requests } = await api([{ status: 403, headers: { 'x-ratelimit-remaining': '4999' } }]);
    await expect(client.call(post)).rejects.toMatchObject({ type: 'PermissionError' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [401, 'PermissionError'],
    [403, 'PermissionError'],
    [404, 'ConfigurationError'],
    [422, 'ConfigurationError'],
  ])('fails when it answers %i as %s, without its body', async (status, type) => {
    const { client } = await api([{ status, body: { sent: 'Bearer hidden' } }]);
    const failure = await client.call({ ...get, path: '/issues/7?token=hidden' }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      type,
      message: expect.stringContaining(`Tickets answered ${status} to GET /issues/7`),
    });
    expect(String(failure)).not.toContain('hidden');
  });

  it('gives a status that the caller accepts', async () => {
    const { client } = await api([{ status: 404 }]);
    expect((await client.call({ ...get, accepted: [404] })).status).toBe(404);
  });

  it("fails when a proxy's page comes instead of JSON", async () => {
    const { client } = await api([{ status: 200, body: '<html>log in</html>' }]);
    const answer = await client.call(get);
    expect(() => answer.json()).toThrow('Tickets answered 200 with text/html, JSON was expected');
  });

  it('keeps what came instead of JSON out of the log, which shows causes', async () => {
    const { client } = await api([{ status: 200, body: 'token=hidden' }]);
    const answer = await client.call(get);
    const thrown: unknown = await Promise.resolve()
      .then(() => answer.json())
      .catch((error: unknown) => error);
    expect(inspect(thrown)).not.toContain('hidden');
  });

  it('fails when it redirects, since credentials would go along', async () => {
    const { client, requests } = await api([{ status: 302, headers: { location: '/elsewhere' } }]);
    await expect(client.call(post)).rejects.toMatchObject({
      type: 'ConfigurationError',
      message: 'Tickets answered 302 to POST /issues; redirects are not followed, so give the URL itself',
    });
    expect(requests).toHaveLength(1);
  });

  it('fails when it never answers', async () => {
    const { client } = await api(['silence'], { timeoutMs: 20 });
    await expect(client.call(post)).rejects.toMatchObject({
      message: 'Tickets gave no answer (no answer in time)',
    });
  });

  it('fails when it answers more than is read', async () => {
    const { client } = await api([{ status: 200, body: 'x'.repeat(2_000) }], { maxBytes: 1_000 });
    await expect(client.call(get)).rejects.toThrow('more than 1000 bytes');
  });

  it('is given up when the action is aborted', async () => {
    const abort = new AbortController();
    const { client } = await api(['silence'], { signal: abort.signal });
    const call = client.call(get);
    abort.abort(new Error('the action ran out of time'));
    await expect(call).rejects.toThrow('the action ran out of time');
  });
});
