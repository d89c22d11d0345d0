import type { WebReply, WebRequest } from './web-server.ts';

/** A ticket that a fake tracker keeps. */
export interface FakeTicket {
  readonly key: string;
  readonly created: Readonly<Record<string, unknown>>;
  status: string;
  readonly comments: string[];
  readonly files: string[];
}

/** A tracker in the place of the real one: what its documentation says of the calls that we make, and no more. */
export interface FakeTracker {
  readonly tickets: FakeTicket[];
  /** Requests that changed something, as `POST issues/1/comments`. */
  readonly changes: string[];
  /** Takes the next change and hangs up instead of answering. */
  dieOnce(): void;
  readonly reply: (request: WebRequest) => WebReply;
}

type Answer = (call: {
  readonly found: FakeTicket | undefined;
  /** What stands in the path for `:key`. */
  readonly key: string;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly query: URLSearchParams;
  readonly tickets: FakeTicket[];
  readonly add: (created: Record<string, unknown>, status: string) => FakeTicket;
}) => unknown;

/** `METHOD path` with `:key` for a ticket, to what is answered; an answer of undefined is a 404. */
type Routes = Readonly<Record<string, Answer>>;

const jira: Routes = {
  'GET /rest/api/3/project/search': () => ({ values: [{ key: 'OPS' }], total: 1 }),
  'GET /rest/api/3/project/:key': ({ key }) => (['OPS', 'NEW'].includes(key) ? { id: '10000', key } : undefined),
  'GET /rest/api/3/issue/:key': ({ found }) =>
    found && {
      id: found.key.slice(4),
      key: found.key,
      fields: {
        status: { name: found.status },
        attachment: found.files.map((file) => ({ filename: /filename="([^"]+)"/.exec(file)?.[1] })),
      },
    },
  'POST /rest/api/3/issue': ({ body, add }) => {
    const { key } = add(body, 'To Do');
    return { id: key.slice(4), key, self: 'https://…' };
  },
  'POST /rest/api/3/search/jql': ({ body, tickets }) => {
    const label = /^labels = "(.*)"$/.exec(String(body['jql']))?.[1] ?? '-';
    const issues = tickets.filter(({ created }) => JSON.stringify(created).includes(label));
    return { issues: issues.map(({ key }) => ({ id: key.slice(4), key })), isLast: true };
  },
  'POST /rest/api/3/issue/:key/comment': ({ found, text }) => ({ id: String(found?.comments.push(text)) }),
  'GET /rest/api/3/issue/:key/comment': ({ found }) => ({ comments: found?.comments.map((body) => ({ body })) }),
  'GET /rest/api/3/issue/:key/transitions': ({ found }) => ({
    transitions: [
      { id: '11', name: 'Start', to: { name: 'In Progress' } },
      { id: '21', name: 'Finish', to: { name: 'Done' } },
    ].filter(({ to }) => to.name !== found?.status),
  }),
  'POST /rest/api/3/issue/:key/transitions': ({ found, body }) => {
    const { transition } = body as { transition: { id: string } }; // as the documentation says
    if (found) found.status = transition.id === '21' ? 'Done' : 'In Progress';
    return {};
  },
  'POST /rest/api/3/issue/:key/attachments': ({ found, text }) => [{ id: String(found?.files.push(text)) }],
};

const github: Routes = {
  'GET /api/v3/repos/acme/shop': () => ({ full_name: 'acme/shop' }),
  'GET /api/v3/repos/acme/shop/issues/:key': ({ found }) => found && githubIssue(found),
  'GET /api/v3/repos/acme/shop/issues': ({ tickets }) => tickets.map(githubIssue),
  'POST /api/v3/repos/acme/shop/issues': ({ body, add }) => githubIssue(add(body, 'open')),
  'POST /api/v3/repos/acme/shop/issues/:key/comments': ({ found, body }) => ({
    id: found?.comments.push(String(body['body'])),
  }),
  'GET /api/v3/repos/acme/shop/issues/:key/comments': ({ found }) => found?.comments.map((body) => ({ body })),
  'PATCH /api/v3/repos/acme/shop/issues/:key': ({ found, body }) => {
    if (found) found.status = String(body['state']);
    return found && githubIssue(found);
  },
};

const githubIssue = ({ key, created, status }: FakeTicket): unknown => ({
  number: Number(key),
  html_url: `https://github.com/acme/shop/issues/${key}`,
  state: status,
  body: created['body'] ?? null,
  ...(created['isPullRequest'] !== undefined && { pull_request: {} }),
});

const gitlab: Routes = {
  'GET /api/v4/projects/acme%2Fshop': () => ({ id: 7 }),
  'GET /api/v4/projects/acme%2Fshop/issues/:key': ({ found }) => found && gitlabIssue(found),
  'GET /api/v4/projects/acme%2Fshop/issues': ({ tickets }) => tickets.map(gitlabIssue),
  'POST /api/v4/projects/acme%2Fshop/issues': ({ body, add }) => gitlabIssue(add(body, 'opened')),
  'PUT /api/v4/projects/acme%2Fshop/issues/:key': ({ found, body }) => {
    if (found) found.status = body['state_event'] === 'close' ? 'closed' : 'opened';
    return found && gitlabIssue(found);
  },
  'POST /api/v4/projects/acme%2Fshop/issues/:key/notes': ({ found, body }) => ({
    id: found?.comments.push(String(body['body'])),
  }),
  'GET /api/v4/projects/acme%2Fshop/issues/:key/notes': ({ found }) => found?.comments.map((body) => ({ body })),
  'POST /api/v4/projects/acme%2Fshop/uploads': ({ text }) => ({ markdown: `[file](${text.length})` }),
};

const gitlabIssue = ({ key, created, status }: FakeTicket): unknown => ({
  iid: Number(key),
  web_url: `https://gitlab.com/acme/shop/-/issues/${key}`,
  state: status,
  description: created['description'],
});

const servicenow: Routes = {
  'GET /api/now/table/change_request': ({ query, tickets }) => {
    const [field, value] = query.get('sysparm_query')?.split('=') ?? [];
    const isWanted = ({ key, created }: FakeTicket): boolean =>
      field === undefined || (field === 'number' ? key === value : created['correlation_id'] === value);
    return { result: tickets.filter(isWanted).map(change) };
  },
  'POST /api/now/table/change_request': ({ body, add }) => ({ result: change(add(body, '-5')) }),
  'PATCH /api/now/table/change_request/:key': ({ found, body }) => {
    if (found && body['work_notes'] !== undefined) found.comments.push(String(body['work_notes']));
    // A rule of the instance: from new, only assess can be reached.
    if (found && (found.status !== '-5' || body['state'] === '-4'))
      found.status = String(body['state'] ?? found.status);
    return { result: { state: found?.status } };
  },
  'GET /api/now/table/change_request/:key': ({ found }) => ({ result: { work_notes: found?.comments.join('\n') } }),
  'POST /api/now/attachment/file': ({ query, tickets }) => {
    const ticket = tickets.find(({ key }) => idOf(key) === query.get('table_sys_id'));
    ticket?.files.push(query.get('file_name') ?? '');
    return { result: { sys_id: 'f' } };
  },
  'GET /api/now/attachment': ({ tickets }) => ({
    result: tickets.flatMap(({ files }) => files.map((file) => ({ file_name: file }))),
  }),
};

const idOf = (key: string): string => `id${key.toLowerCase()}`;
const change = ({ key, created }: FakeTicket): unknown => ({
  sys_id: idOf(key),
  number: key,
  correlation_id: created['correlation_id'] ?? '',
});

const trackers = {
  jira: { routes: jira, keyOf: (n: number) => `OPS-${n}` },
  github: { routes: github, keyOf: String },
  gitlab: { routes: gitlab, keyOf: String },
  servicenow: { routes: servicenow, keyOf: (n: number) => `CHG${String(n).padStart(7, '0')}` },
} as const;

/** One of the trackers. */
export type TrackerName = keyof typeof trackers;

/** A tracker with as many tickets as are asked for. */
export function fakeTracker(name: TrackerName, { ticketCount = 0 } = {}): FakeTracker {
  const { routes, keyOf } = trackers[name];
  const tickets: FakeTicket[] = [];
  const changes: string[] = [];
  let isDying = false;
  const add = (created: Record<string, unknown>, status: string): FakeTicket => {
    const ticket = { key: keyOf(tickets.length + 1), created, status, comments: [], files: [] };
    tickets.push(ticket);
    return ticket;
  };
  for (let count = 0; count < ticketCount; count += 1) add({}, name === 'servicenow' ? '-5' : 'open');
  return {
    tickets,
    changes,
    dieOnce: () => (isDying = true),
    reply({ method, path, headers, text }) {
      const url = new URL(path, 'http://tracker');
      const [route, key] = routeOf(routes, `${method} ${url.pathname}`);
      const found = tickets.find((ticket) => [ticket.key, ticket.key.slice(4), idOf(ticket.key)].includes(key ?? '-'));
      const isJson = headers['content-type'] === 'application/json';
      const body = isJson && text ? (JSON.parse(text) as Record<string, unknown>) : {}; // what we send is an object
      const answer = route?.({ found, key: key ?? '', body, text, query: url.searchParams, tickets, add });
      if (method !== 'GET' && !path.endsWith('jql')) changes.push(`${method} ${url.pathname}`);
      if (isDying && method !== 'GET' && !path.endsWith('jql')) {
        isDying = false;
        return 'none';
      }
      return answer === undefined ? { status: 404, body: {} } : { status: method === 'POST' ? 201 : 200, body: answer };
    },
  };
}

function routeOf(routes: Routes, call: string): [Answer | undefined, string | undefined] {
  for (const [pattern, answer] of Object.entries(routes)) {
    const matched = new RegExp(`^${pattern.replace(':key', '([\\w-]+)')}$`).exec(call);
    if (matched) return [answer, matched[1]];
  }
  return [undefined, undefined];
}
