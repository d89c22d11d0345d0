import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PastExecution } from '../../../shared/actions/gateways/executions.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';
import updateTicketAction from '../../../shared/actions/update-ticket/run.ts';
import { sinceRelease } from '../../../shared/actions/update-ticket/since-release.ts';
import { fakeTracker, type FakeTracker } from '../../support/fake-trackers.ts';
import { webServer, type WebReply, type WebRequest, type WebServer } from '../../support/web-server.ts';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [string, string, string, string]; // four of four

/** An execution of one source, named after what it took. */
const took = (id: string, status: string, summary = ''): PastExecution => ({
  ...{ id: `e-${id[0]}`, status },
  revisions: [{ source: 'Source', id, summary }],
});

describe('what came since the last release', () => {
  it('is what executions took after the one that succeeded last, without what is told of this one', () => {
    const history = [
      took('f'.repeat(40), 'InProgress', 'later'),
      took(d, 'InProgress', 'now'),
      took(c, 'Superseded', 'OPS-3'),
      took(b, 'Failed', 'OPS-2'),
      took(a, 'Succeeded', 'OPS-1'),
      took('9'.repeat(40), 'Failed', 'long ago'),
    ];
    expect(sinceRelease(history, 'e-d')).toEqual([{ released: a, now: d, summaries: ['OPS-3', 'OPS-2'] }]);
  });

  it('is everything before when nothing was released', () => {
    const history = [took(b, 'InProgress'), took(a, 'Failed', 'OPS-1')];
    expect(sinceRelease(history, 'e-b')).toEqual([{ released: undefined, now: b, summaries: ['OPS-1'] }]);
  });

  it('is nothing when what is released was released before', () => {
    const rollback = { ...took(a, 'InProgress'), id: 'again' };
    expect(sinceRelease([rollback, took(b, 'Failed', 'OPS-2'), took(a, 'Succeeded')], 'again')).toEqual([]);
  });

  it('can only be compared where both are commits', () => {
    const history = [took(b, 'InProgress'), took('version-1', 'Succeeded')];
    expect(sinceRelease(history, 'e-b')).toEqual([{ released: undefined, now: b, summaries: [] }]);
  });

  it('is nothing of an execution that is no longer in the history', () => {
    expect(sinceRelease([took(a, 'Failed', 'OPS-1')], 'gone')).toEqual([]);
  });
});

describe('update-ticket', () => {
  const context = { pipelineExecutionId: 'e-d', pipeline: 'shop', stage: 'Deploy', action: 'Ticket' };
  let history: PastExecution[];
  let tracker: FakeTracker;
  let server: WebServer;
  let compared: (request: WebRequest) => WebReply;
  beforeEach(async () => {
    history = [took(d, 'InProgress', 'tidy up'), took(b, 'Failed', 'OPS-2'), took(a, 'Succeeded', 'OPS-1')];
    tracker = fakeTracker('jira', { ticketCount: 3 });
    server = await webServer((request) =>
      request.path.includes('/compare') ? compared(request) : tracker.reply(request),
    );
  });
  afterEach(() => server.close());

  const tell = async (more: object = {}): Promise<object | undefined> => {
    const revisions = [{ artifact: 'App', id: d, summary: 'tidy up' }];
    const executions = { revisions: async () => revisions, history: async () => history };
    const secrets = { read: async (name: string) => `{"token":"of-${name}"}` };
    const bench = actionBench(updateTicketAction, { remainingMs: 2_600, gateways: { executions, secrets } });
    const jira = { provider: 'jira', secret: 'jira', url: server.url, project: 'OPS', comment: 'x' };
    const { answers } = await bench.deliver({ context, parameters: { ...jira, ...more } });
    return answers[0]?.answer;
  };
  const repository = () => ({ provider: 'github', project: 'acme/shop', secret: 'git', url: server.url });

  it('tells the tickets of executions that never got through, which this one releases', async () => {
    expect(await tell()).toMatchObject({ kind: 'succeeded', outputs: { tickets: 'OPS-2' } });
  });

  it('reads no commits where that is not wanted', async () => {
    expect(await tell({ readCommits: false })).toMatchObject({ kind: 'succeeded', outputs: {} });
    expect(server.requests).toEqual([]);
  });

  const messages = ['OPS-3: begin', 'OPS-2: mend', 'tidy up'];
  it.each([
    [
      'github',
      `/api/v3/repos/acme/shop/compare/${a}...${d}`,
      { commits: messages.map((message) => ({ sha: a, commit: { message } })) },
      { authorization: 'Bearer of-git' },
    ],
    [
      'gitlab',
      `/api/v4/projects/acme%2Fshop/repository/compare?from=${a}&to=${d}`,
      { commits: messages.map((message) => ({ id: a, message })) },
      { 'private-token': 'of-git' },
    ],
  ])('reads on %s every commit since the last release, the newest first', async (provider, path, body, headers) => {
    compared = () => ({ status: 200, body });
    const told = await tell({ repository: { ...repository(), provider } });
    expect(told).toMatchObject({ kind: 'succeeded', outputs: { tickets: 'OPS-2, OPS-3' } });
    expect(server.requests[0]).toMatchObject({ method: 'GET', path, headers });
  });

  it('takes what executions tell when the repository does not have the commits', async () => {
    compared = () => ({ status: 404 });
    const summary = expect.stringMatching(/^updated OPS-2; commits .* not read.*: the repository does not show them/);
    expect(await tell({ repository: repository() })).toMatchObject({ outputs: { tickets: 'OPS-2' }, summary });
  });

  it('says nothing of a source that is not of the repository, as long as another one is', async () => {
    const both = (app: string, docs: string): PastExecution['revisions'] => [
      { source: 'App', id: app, summary: '' },
      { source: 'Docs', id: docs, summary: '' },
    ];
    history = [
      { id: 'e-d', status: 'InProgress', revisions: both(d, c) },
      { id: 'e-a', status: 'Succeeded', revisions: both(a, b) },
    ];
    compared = ({ path }) =>
      path.endsWith(d) ? { status: 200, body: { commits: [{ commit: { message: 'OPS-3' } }] } } : { status: 404 };
    expect(await tell({ repository: repository() })).toMatchObject({ summary: 'updated OPS-3' });
  });

  it.each<[WebReply, string]>([
    [{ status: 403 }, 'PermissionError'],
    [{ status: 200, body: { files: [] } }, 'SystemUnavailable'],
  ])('fails when the repository answers %j, and says who did', async (answer, type) => {
    compared = () => answer;
    const message = expect.stringMatching(/^github answered/i);
    expect(await tell({ repository: repository() })).toMatchObject({ kind: 'failed', type, message });
  });

  it('compares in the repository of the issues, where they are on GitHub', async () => {
    tracker = fakeTracker('github', { ticketCount: 3 });
    compared = () => ({ status: 200, body: { commits: [{ commit: { message: 'fixes #3' } }] } });
    const github = { provider: 'github', project: 'acme/shop', secret: 'git' };
    expect(await tell(github)).toMatchObject({ outputs: { tickets: '#3' }, summary: 'updated #3' });
  });

  it.each<['github' | 'gitlab', WebReply, string]>([
    ['github', { status: 401 }, 'GitHub answered 401'],
    ['github', { status: 403, body: { message: 'Resource not accessible by personal access token' } }, 'answered 403'],
    ['github', { status: 404 }, 'the repository does not show them'],
    ['github', { status: 500 }, 'GitHub answered 500'],
    ['gitlab', { status: 403 }, 'GitLab answered 403'],
    ['gitlab', { status: 404 }, 'the repository does not show them'],
    ['gitlab', { status: 200, body: '<html>' }, 'JSON was expected'],
  ])('makes do with a token of issues on %s that may not read commits: %j', async (provider, answer, why) => {
    tracker = fakeTracker(provider, { ticketCount: 3 });
    history = [took(d, 'InProgress'), took(b, 'Failed', 'fixes #2'), took(a, 'Succeeded', '#1')];
    compared = () => answer;
    expect(await tell({ provider, project: 'acme/shop', secret: 'git' })).toMatchObject({
      kind: 'succeeded',
      outputs: { tickets: '#2' },
      summary: expect.stringMatching(`^updated #2; commits before the newest were not read, .*${why}`),
    });
    expect(tracker.tickets[1]?.comments).toHaveLength(1);
  });
});
