import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SourceRevision } from '../../../shared/actions/gateways/executions.ts';
import { ActionFailed } from '../../../shared/actions/result.ts';
import { actionBench, type ActionBench } from '../../../shared/actions/testing/testing.ts';
import { updateTicket } from '../../../shared/actions/update-ticket/declaration.ts';
import { textsOf } from '../../../shared/actions/update-ticket/find-tickets.ts';
import { openGitHub } from '../../../shared/actions/update-ticket/github.ts';
import { openGitLab } from '../../../shared/actions/update-ticket/gitlab.ts';
import { openJira } from '../../../shared/actions/update-ticket/jira.ts';
import { openServiceNow } from '../../../shared/actions/update-ticket/servicenow.ts';
import updateTicketAction from '../../../shared/actions/update-ticket/run.ts';
import { appendEvent } from '../../../shared/state/event-log.ts';
import type { Release } from '../../../shared/state/release.ts';
import { aRequest, commit, releaseId } from '../../support/domain.ts';
import { fakeTracker, type FakeTracker, type TrackerName } from '../../support/fake-trackers.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { webServer, type WebReply, type WebServer } from '../../support/web-server.ts';

const context = { pipelineExecutionId: 'e-1', pipeline: 'shop', stage: 'Deploy', action: 'Ticket' };

/** How each provider is asked for the same. */
const providers = [
  ['jira', { project: 'OPS', transition: 'done' }, { first: 'OPS-1', moved: 'Done' }],
  ['github', { project: 'acme/shop', transition: 'closed' }, { first: '#1', moved: 'closed' }],
  ['gitlab', { project: 'acme/shop', transition: 'closed' }, { first: '#1', moved: 'closed' }],
  ['servicenow', { transition: 'Assess' }, { first: 'CHG0000001', moved: '-4' }],
] as const;

let release: Release;
beforeAll(async () => {
  const request = aRequest({ revision: { type: 'COMMIT_ID', value: commit } });
  ({ release } = await appendEvent({ store: memoryStore(), pause: async () => {} }, request));
});

let server: WebServer;
let reply: (...of: Parameters<FakeTracker['reply']>) => WebReply;
beforeEach(async () => {
  server = await webServer((request) => reply(request));
});
afterEach(() => server.close());

function open(
  revisions: readonly SourceRevision[] = [],
  { remainingMs = 60_000, secret = '{"token":"s3cret"}' } = {},
): ActionBench {
  return actionBench(updateTicketAction, {
    release,
    remainingMs,
    clock: { nowMs: () => Date.UTC(2026, 0, 5, 9) },
    gateways: {
      secrets: { read: async () => secret },
      executions: { revisions: async () => revisions, history: async () => [] },
    },
  });
}

const saying = (summary: string): SourceRevision[] => [{ artifact: 'Source', id: commit, summary }];

describe.each(providers)('update-ticket with %s', (provider, asked, { first, moved }) => {
  const tracker = (ticketCount: number): FakeTracker => {
    const made = fakeTracker(provider, { ticketCount });
    reply = made.reply;
    return made;
  };
  const parameters = (more: object): object => ({ provider, secret: 'tracker', url: server.url, ...asked, ...more });

  it('does everything to a ticket once, however often its stage is retried', async () => {
    const { tickets, changes } = tracker(0);
    const bench = open();
    const everything = parameters({
      create: { title: 'Release {{service}} {{shortCommit}}' },
      comment: '{{requestedBy}} releases it: {{outcome}}',
      attachSummary: true,
    });
    for (const id of ['job-1', 'job-2']) {
      const { answers } = await bench.deliver({ id, context, parameters: everything });
      expect(answers).toMatchObject([
        {
          answer: {
            kind: 'succeeded',
            outputs: { tickets: first, created: first, urls: expect.stringMatching(/^http/) },
          },
        },
      ]);
    }
    expect(tickets).toHaveLength(1);
    const [ticket] = tickets;
    expect(JSON.stringify(ticket?.created)).toContain('Release checkout cccccccc');
    expect(ticket?.comments[0]).toContain('github/octocat releases it: requested');
    expect(ticket?.status).toBe(moved);
    expect(ticket!.comments.length + ticket!.files.length, 'a comment, and the summary').toBe(2);
    expect(changes).toHaveLength(provider === 'gitlab' ? 5 : 4);
  });

  it('takes a site that is written with a slash at its end', async () => {
    const { tickets } = tracker(1);
    const { answers } = await open().deliver({
      context,
      parameters: parameters({ url: `${server.url}/`, tickets: [first], comment: 'x' }),
    });
    expect(answers).toMatchObject([
      { answer: { kind: 'succeeded', outputs: { urls: expect.not.stringMatching(/[^:]\/\//) } } },
    ]);
    expect(tickets[0]?.status).toBe(moved);
  });

  it('does what it did for another execution again', async () => {
    const { tickets } = tracker(1);
    const bench = open();
    const comment = parameters({ tickets: [first], comment: 'again', transition: undefined });
    for (const pipelineExecutionId of ['e-1', 'e-2'])
      await bench.deliver({
        id: pipelineExecutionId,
        context: { ...context, pipelineExecutionId },
        parameters: comment,
      });
    expect(tickets[0]?.comments).toHaveLength(2);
  });

  it.each([
    ['a ticket', { create: { title: 'Release' }, transition: undefined }, 0],
    ['a comment', { comment: 'released', transition: undefined }, 1],
    ['a file', { attachSummary: true, transition: undefined }, 1],
  ])('finds by its mark %s that an earlier run made without learning of it', async (_what, more, ticketCount) => {
    const made = tracker(ticketCount);
    const bench = open(saying(`mends ${first}`));
    made.dieOnce();
    const one = await bench.deliver({ id: 'job-1', context, parameters: parameters(more) });
    expect(one.answers).toMatchObject([{ answer: { kind: 'failed', type: 'SystemUnavailable' } }]);
    const two = await bench.deliver({ id: 'job-2', context, parameters: parameters(more) });
    expect(two.answers).toMatchObject([{ answer: { kind: 'succeeded' } }]);
    const { comments = [], files = [] } = made.tickets[0] ?? {};
    expect(made.tickets).toHaveLength(1);
    expect(comments.length + files.length).toBe(ticketCount);
  });

  it('looks for what it made before it makes it again when a proxy lost the answer', async () => {
    const made = tracker(0);
    const { reply: answered } = made;
    let isLost = false;
    reply = (request) => {
      const answer = answered(request);
      if (isLost || request.method !== 'POST') return answer;
      isLost = true;
      return { status: 503, body: '<html>upstream</html>' };
    };
    const bench = open();
    const create = parameters({ create: { title: 'Release' }, transition: undefined });
    const one = await bench.deliver({ id: 'job-1', context, parameters: create });
    expect(one.answers).toMatchObject([{ answer: { kind: 'failed', type: 'SystemUnavailable' } }]);
    const two = await bench.deliver({ id: 'job-2', context, parameters: create });
    expect(two.answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { created: first } } }]);
    expect(made.tickets).toHaveLength(1);
  });

  it('tells the tickets that commits mention, and leaves alone what is none', async () => {
    const { tickets } = tracker(2);
    const second = provider === 'jira' ? 'OPS-2' : provider === 'servicenow' ? 'CHG0000002' : '#2';
    const missing = first.replace(/1$/, '9');
    const text = `{"ProviderType":"GitHub","CommitMessage":"${first}, ${second} and ${missing}: mend (${first})"}`;
    const { answers } = await open(saying(text)).deliver({
      context,
      parameters: parameters({ comment: 'released', transition: undefined }),
    });
    expect(answers).toMatchObject([
      {
        answer: {
          kind: 'succeeded',
          outputs: { tickets: `${first}, ${second}` },
          summary: expect.stringContaining(`no tickets: ${missing}`),
        },
      },
    ]);
    expect(tickets.map(({ comments }) => comments.length)).toEqual([1, 1]);
  });

  it('fails when nothing that is mentioned is there, and the project is not either', async () => {
    tracker(0);
    const project = { jira: 'OPPS', github: 'acme/shopp', gitlab: 'acme/shopp', servicenow: undefined }[provider];
    const { answers } = await open(saying(`${first} mends what OPPS-1 broke`)).deliver({
      context,
      parameters: parameters({ comment: 'released', transition: undefined, project }),
    });
    expect(answers).toMatchObject([
      { answer: { type: 'ConfigurationError', message: expect.stringMatching(/ shows no .*; check url and project/) } },
    ]);
  });

  it('succeeds when nothing that is mentioned is there, but the project is', async () => {
    tracker(1);
    const missing = first.replace(/1$/, '9');
    const { answers } = await open(saying(missing)).deliver({
      context,
      parameters: parameters({ comment: 'released', transition: undefined }),
    });
    expect(answers).toMatchObject([
      { answer: { kind: 'succeeded', summary: expect.stringContaining(`no tickets: ${missing}`) } },
    ]);
  });

  it('says which of more than 20 tickets it leaves alone', async () => {
    const { tickets } = tracker(25);
    const keyOf = (n: number): string => (provider === 'servicenow' ? first.slice(0, -2) : first.slice(0, -1)) + n;
    const keys = Array.from({ length: 25 }, (_, index) =>
      index < 9 ? first.replace(/1$/, `${index + 1}`) : keyOf(index + 1),
    );
    const { answers } = await open(saying(keys.join(' '))).deliver({
      context,
      parameters: parameters({ comment: 'released', transition: undefined }),
    });
    expect(answers).toMatchObject([
      {
        answer: {
          kind: 'succeeded',
          summary: expect.stringMatching(new RegExp(`; 5 more than 20, not told: ${keys.slice(20).join(', ')}$`)),
        },
      },
    ]);
    expect(tickets.filter(({ comments }) => comments.length > 0)).toHaveLength(20);
  });

  it('fails when a ticket that is named does not exist, or a status', async () => {
    tracker(1);
    const missing = first.replace(/1$/, '9');
    const none = await open().deliver({ context, parameters: parameters({ tickets: [missing] }) });
    expect(none.answers).toMatchObject([
      { answer: { type: 'ConfigurationError', message: expect.stringContaining(`no ticket ${missing}`) } },
    ]);
    const { answers } = await open().deliver({
      context,
      parameters: parameters({ tickets: [first], transition: 'Nirvana' }),
    });
    expect(answers).toMatchObject([
      { answer: { type: 'ConfigurationError', message: expect.stringMatching(/Nirvana/) } },
    ]);
  });

  it.each<[string, WebReply, string]>([
    ['refuses the credentials', { status: 401, body: { message: 's3cret' } }, 'PermissionError'],
    [
      'asks to come back later than there is time',
      { status: 429, headers: { 'retry-after': '30' } },
      'SystemUnavailable',
    ],
    ['fails', { status: 500, body: 's3cret' }, 'SystemUnavailable'],
    ['answers with a page', { status: 200, body: '<html>s3cret</html>' }, 'SystemUnavailable'],
    ['answers another shape', { status: 200, body: { hello: 's3cret' } }, 'SystemUnavailable'],
    ['hangs up', 'none', 'SystemUnavailable'],
  ])('fails when it %s, and does not quote it', async (_what, wrong, type) => {
    reply = () => wrong;
    const { answers } = await open([], { remainingMs: 2_600 }).deliver({
      context,
      parameters: parameters({ tickets: [first], comment: 'x' }),
    });
    expect(answers).toMatchObject([
      { answer: { kind: 'failed', type, message: expect.not.stringContaining('s3cret') } },
    ]);
  });
});

describe('update-ticket', () => {
  const parameters = (): object => ({ provider: 'jira', secret: 'tracker', url: server.url, comment: 'x' });

  it('succeeds without a ticket, unless one is required', async () => {
    const { answers } = await open().deliver({ context, parameters: parameters() });
    expect(answers).toMatchObject([{ answer: { kind: 'succeeded', summary: expect.stringMatching(/no ticket/) } }]);
    const required = { ...parameters(), requireTicket: true };
    const { answers: refused } = await open().deliver({ context, parameters: required });
    expect(refused).toMatchObject([{ answer: { kind: 'failed', type: 'JobFailed' } }]);
  });

  it('fails when its secret is absent', async () => {
    const read = (): Promise<never> => Promise.reject(new ActionFailed('ConfigurationError', 'there is no secret'));
    const gateways = { secrets: { read }, executions: { revisions: async () => [], history: async () => [] } };
    const { answers } = await actionBench(updateTicketAction, { gateways }).deliver({ parameters: parameters() });
    expect(answers).toMatchObject([{ answer: { type: 'ConfigurationError', message: 'there is no secret' } }]);
  });

  it('does not take a project that is written in lower case for another one', async () => {
    const tracker = fakeTracker('jira', { ticketCount: 1 });
    reply = tracker.reply;
    await open(saying('OPS-1: mend')).deliver({ context, parameters: { ...parameters(), project: 'ops' } });
    expect(tracker.tickets[0]?.comments).toHaveLength(1);
    const create = { ...parameters(), project: 'ops', comment: undefined, create: { title: 'x' } };
    await open().deliver({ context, parameters: create });
    expect(tracker.tickets[1]?.created).toMatchObject({ fields: { project: { key: 'OPS' } } });
  });

  it.each([301, 404, 410])('leaves alone an issue of GitHub that answers %i', async (status) => {
    const tracker = fakeTracker('github', { ticketCount: 2 });
    reply = (request) =>
      request.path.endsWith('/issues/1')
        ? { status, headers: { location: 'https://api.github.com/repositories/8/issues/1' }, body: {} }
        : tracker.reply(request);
    const tell = { ...parameters(), provider: 'github', project: 'acme/shop' };
    const { answers } = await open(saying('#1 and #2')).deliver({ context, parameters: tell });
    expect(answers).toMatchObject([{ answer: { outputs: { tickets: '#2' }, summary: /no tickets: #1/ } }]);
  });

  it('leaves pull requests alone, which GitHub counts as issues', async () => {
    const tracker = fakeTracker('github', { ticketCount: 1 });
    Object.assign(tracker.tickets[0]!.created, { isPullRequest: true });
    reply = tracker.reply;
    const merge = { ...parameters(), provider: 'github', project: 'acme/shop', transition: 'closed' };
    await open(saying('Merge pull request #1 from acme/mend')).deliver({ context, parameters: merge });
    expect(tracker.changes).toEqual([]);
  });

  it.each([
    ['github', 'since'],
    ['gitlab', 'created_after'],
  ])('allows the clock of %s to be five minutes behind when it looks for a mark', async (provider, name) => {
    const tracker = fakeTracker(provider === 'github' ? 'github' : 'gitlab');
    reply = tracker.reply;
    tracker.dieOnce();
    const bench = open();
    const create = { provider, secret: 's', url: server.url, project: 'acme/shop', create: { title: 'x' } };
    for (const id of ['job-1', 'job-2']) await bench.deliver({ id, context, parameters: create });
    const looked = server.requests.find(({ path }) => path.includes(`${name}=`))?.path ?? '';
    expect(new URL(looked, 'http://x').searchParams.get(name)).toBe('2026-01-05T08:55:00.000Z');
  });

  it('does not move a ticket back that a person has moved since', async () => {
    const tracker = fakeTracker('jira', { ticketCount: 1 });
    reply = tracker.reply;
    const bench = open(saying('OPS-1'));
    const move = { ...parameters(), transition: 'Done' };
    await bench.deliver({ id: 'job-1', context, parameters: move });
    tracker.tickets[0]!.status = 'In Progress';
    await bench.deliver({ id: 'job-2', context, parameters: move });
    expect(tracker.tickets[0]!.status).toBe('In Progress');
  });

  it.each([
    ['no URL where one is needed', { provider: 'jira', secret: 's', comment: 'x' }, 'url'],
    ['an URL that is not safe', { provider: 'jira', secret: 's', url: 'http://jira.example', comment: 'x' }, 'url'],
    ['no repository', { provider: 'github', secret: 's', comment: 'x' }, 'project'],
    [
      'no project for a new issue',
      { provider: 'jira', secret: 's', url: 'https://a.b', create: { title: 'x' } },
      'project',
    ],
    [
      'no site beside the API for tokens with scopes',
      { provider: 'jira', secret: 's', url: 'https://api.atlassian.com/ex/jira/1', comment: 'x' },
      'site',
    ],
    [
      'a site where the API is one',
      { provider: 'jira', secret: 's', url: 'https://a.b', site: 'https://c.d', comment: 'x' },
      'site',
    ],
    ['a project that is no repository', { provider: 'github', secret: 's', project: 'shop', comment: 'x' }, 'project'],
    ['a project without a group', { provider: 'gitlab', secret: 's', project: 'shop', comment: 'x' }, 'project'],
    ['a status of others', { provider: 'github', secret: 's', project: 'a/b', transition: 'Done' }, 'transition'],
    ['a status of others', { provider: 'gitlab', secret: 's', project: '7', transition: 'Done' }, 'transition'],
    [
      'a state of others',
      { provider: 'servicenow', secret: 's', url: 'https://a.b', transition: 'Done' },
      'transition',
    ],
    ['nothing to do', { provider: 'github', secret: 's', project: 'a/b' }, 'ask for something'],
    ['a name that no text may use', { provider: 'github', secret: 's', project: 'a/b', comment: '{{x}}' }, 'comment'],
    ['a name of no parameter', { provider: 'github', secret: 's', project: 'a/b', coment: 'x' }, 'coment'],
  ])('refuses %s', (_what, given, where) => {
    const { success, error } = updateTicket.parameters.safeParse(given);
    expect(success).toBe(false);
    expect(JSON.stringify(error?.issues)).toContain(where);
  });
});

describe('a ticket in a text', () => {
  const of = (provider: TrackerName, text: string): readonly string[] => {
    const open = { jira: openJira, github: openGitHub, gitlab: openGitLab, servicenow: openServiceNow }[provider];
    const api = () => ({ call: () => Promise.reject(new Error('nothing is called')) });
    const project = { jira: 'OPS', github: 'acme/shop', gitlab: 'acme/shop', servicenow: undefined }[provider];
    return open({
      url: 'https://x.y',
      site: undefined,
      project,
      credentials: { kind: 'token', token: 't' },
      api,
    }).keysIn(text);
  };

  it.each<[TrackerName, string, string[]]>([
    ['jira', 'OPS-7: mend (OPS-12), not UTF-8, DEVOPS-3, xOPS-1 or OPS-7', ['OPS-7', 'OPS-12']],
    ['github', 'fixes #3, GH-4 and acme/shop#5, not other/repo#6, &#39; or a#8', ['#3', '#4', '#5']],
    ['gitlab', 'closes #3 in !4, not acme/other#5', ['#3']],
    ['servicenow', 'CHG0030002 and not CHG1 or XCHG0030003', ['CHG0030002']],
  ])('is found for %s in %j', (provider, text, keys) => {
    expect(of(provider, text)).toEqual(keys);
  });

  it('is looked for in the reason of the release and in commit messages, unless that is not wanted', () => {
    const told = { ...release, reason: 'OPS-1' };
    const texts = { release: told, revisions: saying('OPS-2'), messages: ['{"CommitMessage":"OPS-4"}'] };
    expect(textsOf({ readCommits: true, text: 'OPS-3' }, texts)).toBe('OPS-3\nOPS-1\nOPS-2\nOPS-4');
    expect(textsOf({ readCommits: false, text: undefined }, texts)).toBe('');
    expect(releaseId).toMatch(/^r-/);
  });
});
