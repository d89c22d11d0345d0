import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SourceRevision } from '../../../shared/actions/gateways/executions.ts';
import gitTagAction from '../../../shared/actions/git-tag/run.ts';
import { releasedCommit } from '../../../shared/actions/git-tag/released-commit.ts';
import { checkedTagName } from '../../../shared/actions/git-tag/tag-name.ts';
import { actionBench, type ActionBench } from '../../../shared/actions/testing/testing.ts';
import { appendEvent } from '../../../shared/state/event-log.ts';
import type { Release } from '../../../shared/state/release.ts';
import { aRequest, commit } from '../../support/domain.ts';
import { fakeGitHub, fakeGitLab, type FakeGitHost } from '../../support/fake-git-hosts.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { webServer, type WebReply, type WebServer } from '../../support/web-server.ts';

const context = { pipelineExecutionId: 'e-1', pipeline: 'shop', stage: 'Deploy', action: 'Tag' };
const other = 'd'.repeat(40);

let release: Release;
beforeAll(async () => {
  const request = aRequest({ revision: { type: 'COMMIT_ID', value: commit } });
  ({ release } = await appendEvent({ store: memoryStore(), pause: async () => {} }, request));
});

let server: WebServer;
let reply: FakeGitHost['reply'];
beforeEach(async () => {
  server = await webServer((request) => reply(request));
});
afterEach(() => server.close());

function open(revisions: readonly SourceRevision[] = []): ActionBench {
  const secrets = { read: async () => '{"token":"s3cret"}' };
  const gateways = { secrets, executions: { revisions: async () => revisions, history: async () => [] } };
  return actionBench(gitTagAction, { release, remainingMs: 2_600, gateways });
}

describe.each([
  ['github', fakeGitHub, 'authorization', 'Bearer s3cret'],
  ['gitlab', fakeGitLab, 'private-token', 's3cret'],
] as const)('git-tag on %s', (provider, makeHost, header, value) => {
  let host: FakeGitHost;
  beforeEach(() => {
    host = makeHost();
    host.commits.add(commit).add(other);
    ({ reply } = host);
  });
  const parameters = (more: object = {}): object => ({
    ...{ provider, secret: 'bot', url: server.url, project: 'acme/shop', tag: '{{service}}/{{shortCommit}}' },
    ...more,
  });
  const name = 'checkout/cccccccc';

  it.each([
    ['a light tag', {}, undefined],
    ['an annotated tag', { message: 'for {{requestedBy}}' }, 'for github/octocat'],
  ])('makes %s at the released commit, and is content with it the next time', async (_what, more, message) => {
    const bench = open();
    const { answers } = await bench.deliver({ id: 'job-1', context, parameters: parameters(more) });
    expect(answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { tag: name, commit } } }]);
    expect([...host.tags]).toEqual([[name, { commit, message }]]);
    expect(server.requests[0]?.headers[header]).toBe(value);
    const again = await bench.deliver({ id: 'job-2', context, parameters: parameters(more) });
    expect(again.answers).toMatchObject([
      { answer: { kind: 'succeeded', summary: expect.stringContaining('before'), outputs: { tag: name, commit } } },
    ]);
  });

  it('takes a site that is written with a slash at its end', async () => {
    const { answers } = await open().deliver({ context, parameters: parameters({ url: `${server.url}/` }) });
    expect(answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { tag: name } } }]);
  });

  it.each([undefined, 'annotated'])('fails when the tag is at another commit (%s)', async (message) => {
    host.tags.set(name, { commit: other, message });
    const { answers } = await open().deliver({ context, parameters: parameters() });
    expect(answers).toMatchObject([
      { answer: { kind: 'failed', type: 'JobFailed', message: expect.stringContaining(`at ${other} and not`) } },
    ]);
    expect(host.tags.get(name)?.commit).toBe(other);
  });

  it.each([
    ['is content when somebody made the same tag in between', commit, { kind: 'succeeded' }],
    ['fails when somebody made the tag in between at another commit', other, { kind: 'failed', type: 'JobFailed' }],
  ])('%s', async (_what, at, answer) => {
    reply = (request) => {
      if (request.method === 'POST') host.tags.set(name, { commit: at });
      return host.reply(request);
    };
    const { answers } = await open().deliver({ context, parameters: parameters() });
    expect(answers).toMatchObject([{ answer }]);
  });

  it('finds its own tag when the answer was lost', async () => {
    let isLost = false;
    reply = (request) => {
      const answer = host.reply(request);
      if (request.method !== 'POST' || isLost) return answer;
      isLost = true;
      return 'none';
    };
    const bench = open();
    const { answers } = await bench.deliver({ id: 'job-1', context, parameters: parameters() });
    expect(answers).toMatchObject([{ answer: { type: 'SystemUnavailable' } }]);
    const again = await bench.deliver({ id: 'job-2', context, parameters: parameters() });
    expect(again.answers).toMatchObject([{ answer: { kind: 'succeeded' } }]);
    expect(host.tags.size).toBe(1);
  });

  it.each([{}, { message: 'annotated' }])('fails when the host does not know the commit (%j)', async (more) => {
    host.commits.clear();
    const { answers } = await open().deliver({ context, parameters: parameters(more) });
    expect(answers).toMatchObject([
      { answer: { type: 'ConfigurationError', message: expect.stringContaining('is it a commit of acme/shop') } },
    ]);
  });

  it.each<[WebReply, string]>([
    [{ status: 403, body: { message: 's3cret' } }, 'PermissionError'],
    [{ status: 429, headers: { 'retry-after': '60' } }, 'SystemUnavailable'],
    [{ status: 500, body: 's3cret' }, 'SystemUnavailable'],
    [{ status: 200, body: '<p>s3cret</p>' }, 'SystemUnavailable'],
    [{ status: 200, body: { tag: 's3cret' } }, 'SystemUnavailable'],
  ])('fails for the answer %j, and does not quote it', async (wrong, type) => {
    reply = () => wrong;
    const { answers } = await open().deliver({ context, parameters: parameters() });
    expect(answers).toMatchObject([
      { answer: { kind: 'failed', type, message: expect.not.stringContaining('s3cret') } },
    ]);
  });

  it.each([
    ['v1..2', /tag: must be the name of a tag/],
    ['v1-{{action}}', /"v1-Tag it" is not a tag's name/],
  ])('fails for the name %s, which Git does not take, before it calls anybody', async (tag, message) => {
    const { answers } = await open().deliver({
      context: { ...context, action: 'Tag it' },
      parameters: parameters({ tag }),
    });
    expect(answers).toMatchObject([
      { answer: { type: 'ConfigurationError', message: expect.stringMatching(message) } },
    ]);
    expect(server.requests).toEqual([]);
  });
});

describe('the released commit', () => {
  const took = (artifact: string, id: string): SourceRevision => ({ artifact, id, summary: '' });
  const none = { asked: undefined, artifact: undefined, release: undefined, revisions: [] };

  it('is the one asked for, that of the release, or that of the only source', () => {
    const revisions = [took('Source', other), took('Config', 'version-1')];
    expect(releasedCommit({ ...none, asked: 'e'.repeat(40), release, revisions })).toBe('e'.repeat(40));
    expect(releasedCommit({ ...none, release, revisions })).toBe(commit);
    expect(releasedCommit({ ...none, revisions })).toBe(other);
  });

  it('is that of the artifact that is named', () => {
    const revisions = [took('One', commit), took('Two', other)];
    expect(releasedCommit({ ...none, release, artifact: 'Two', revisions })).toBe(other);
    expect(() => releasedCommit({ ...none, revisions })).toThrow(/2 commits.*of: One, Two/);
  });

  it('is not known where no source took one', () => {
    expect(() => releasedCommit({ ...none, revisions: [took('Source', 'version-1')] })).toThrow(/no commit is known/);
  });
});

it.each(['', '-v', '.v', 'v.', 'v..1', 'v 1', 'v~1', 'v:1', 'v@{1}', 'a//b', 'a/.b', 'v.lock', '@', 'v\n1', 'a/'])(
  'refuses the tag %j',
  (name) => expect(() => checkedTagName(name)).toThrow(/is not a tag's name/),
);
it.each(['v1.2.3', 'checkout/v1', 'release-2026-01-05', 'a#b', 'v1+build'])('takes the tag %j', (name) =>
  expect(checkedTagName(name)).toBe(name),
);
