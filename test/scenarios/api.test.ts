import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approve,
  ask,
  demoReleaseOf,
  startSlipway,
  untilRelease,
  type ApiAnswer,
  type StartedSlipway,
} from '../support/installation.ts';
import { invocationCount, scanTable } from '../support/records.ts';

let slipway: StartedSlipway;
let releaseId: string;

beforeAll(async () => {
  slipway = await startSlipway('--ask', '--speed', '60');
  releaseId = await demoReleaseOf(slipway.command);
  await approve(slipway.installation, releaseId);
  await untilRelease(slipway.installation, releaseId, ({ status }) => status === 'succeeded');
  await slipway.command.line(/Serving on/);
}, 90_000);

afterAll(() => slipway?.[Symbol.asyncDispose]());

const command = (verb: string, body: unknown): Promise<ApiAnswer> =>
  ask(slipway.installation, `/api/commands/${verb}`, { body });

describe('the API', () => {
  it.each(['/api/releases', '/api/releases/r-0', '/api/commands/list'])(
    'answers 401 to %s without the header, and asks nobody who it is',
    async (path) => {
      const before = invocationCount(slipway.folder, 'PeopleAuthorize');

      const answer = await ask(slipway.installation, path, { headers: {}, ...(path.endsWith('list') && { body: {} }) });

      expect(answer).toEqual({ status: 401, body: { message: 'Unauthorized' } });
      expect(invocationCount(slipway.folder, 'PeopleAuthorize')).toBe(before);
    },
  );

  it.each(['Bearer wrong', 'Bearer', 'Basic dG9rZW46dG9rZW4=', 'Bearer of nothing else'])(
    'answers 403 to %s, and calls nothing behind it',
    async (authorization) => {
      const before = invocationCount(slipway.folder, 'ReleasesRead');

      const answer = await ask(slipway.installation, '/api/releases', { headers: { authorization } });

      expect(answer).toEqual({ status: 403, body: { message: 'Forbidden' } });
      expect(invocationCount(slipway.folder, 'ReleasesRead')).toBe(before);
    },
  );

  it('answers 404 to a verb that there is not, and names those there are', async () => {
    const answer = await command('destroy', {});

    expect(answer).toMatchObject({ status: 404, body: { error: 'NotFound' } });
    for (const verb of ['release', 'status', 'list', 'approve', 'reject'])
      expect(answer.body['message']).toContain(verb);
  });

  it.each([
    ['release', {}, 'service'],
    ['release', { service: 'checkout', revision: 'main' }, 'revision'],
    ['release', { service: 'checkout', sha: 'c'.repeat(40) }, 'sha'],
    ['release', { service: 'Checkout' }, 'service'],
    ['status', {}, 'release'],
    ['status', { release: `r-${'0'.repeat(32)}`, service: 'checkout' }, 'either release or service'],
    ['list', { limit: 0 }, 'limit'],
    ['approve', { release: 'r-1' }, 'release'],
    ['reject', {}, 'release'],
    ['source-open', { service: 7 }, 'service'],
    ['source-record', { service: 'checkout', commit: 'abc', versionId: 'v' }, 'commit'],
  ])('answers 400 to %s with %j, and names the field', async (verb, body, field) => {
    const before = await scanTable(slipway.installation);

    const answer = await command(verb, body);

    expect(answer).toMatchObject({ status: 400, body: { error: 'InvalidInput' } });
    expect(answer.body['message']).toContain(field);
    expect(await scanTable(slipway.installation)).toEqual(before);
  });

  it.each(['{"service":', '[]', '"checkout"', 'null'])('answers 400 to the body %s', async (body) => {
    expect(await command('release', body)).toMatchObject({ status: 400, body: { error: 'InvalidInput' } });
  });

  it.each(['limit=0', 'limit=many', 'sort=oldest', 'next=forged'])('answers 400 to a list with %s', async (query) => {
    const answer = await ask(slipway.installation, `/api/releases?${query}`);

    expect(answer).toMatchObject({ status: 400, body: { error: 'InvalidInput' } });
    expect(answer.body['message']).toContain(query.split('=')[0]);
  });

  it.each(['approve', 'reject'])('answers 409 to %s when the release waits for nothing', async (verb) => {
    const answer = await command(verb, { release: releaseId });

    expect(answer).toMatchObject({ status: 409, body: { error: 'Conflict' } });
    expect(answer.body['message']).toContain(releaseId);
  });

  it.each([
    ['release', { service: 'payments' }],
    ['status', { service: 'payments' }],
    ['status', { release: `r-${'0'.repeat(32)}` }],
    ['approve', { release: `r-${'0'.repeat(32)}` }],
    ['source-open', { service: 'payments' }],
    ['source-record', { service: 'checkout', commit: 'c'.repeat(40), versionId: 'there-is-none' }],
  ])('answers 404 to %s with %j, which there is not', async (verb, body) => {
    expect(await command(verb, body)).toMatchObject({ status: 404, body: { error: 'NotFound' } });
  });

  it('answers 404 to a release that there is not, and to a route that there is not', async () => {
    expect(await ask(slipway.installation, '/api/releases/r-1')).toMatchObject({ status: 404 });
    expect(await ask(slipway.installation, '/api/pipelines')).toEqual({ status: 404, body: { message: 'Not Found' } });
  });

  it('reads a timeline from any event on', async () => {
    const whole = await ask(slipway.installation, `/api/releases/${releaseId}`);
    const { timeline, head } = whole.body as { timeline: { n: number }[]; head: number }; // as documented

    const rest = await ask(slipway.installation, `/api/releases/${releaseId}?after=${head - 1}`);

    expect(head).toBe(timeline.length);
    expect(rest.body).toMatchObject({ head, isFinished: true, timeline: [timeline.at(-1)] });
  });

  it('asks for one release however often a request id comes', async () => {
    const body = { service: 'checkout', requestId: 'asked-twice-0001' };

    const first = await command('release', body);
    await untilRelease(slipway.installation, String(first.body['releaseId']), ({ approval }) => approval !== undefined);
    const second = await command('release', body);

    expect(first).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect(second).toEqual({ status: 202, body: { ...first.body, status: 'duplicate' } });
  });
});
