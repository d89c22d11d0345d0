import * as z from 'zod/mini';
import { gitHubApi } from '../web/git-hosts.ts';
import { ActionFailed } from '../result.ts';
import type { WebApi } from '../web/web-api.ts';
import type { OpenTicketProvider, Ticket } from './provider.ts';
import { noProject } from './no-project.ts';
import { gitHubStatuses } from './status-rules.ts';

// https://docs.github.com/en/rest/issues/issues, https://docs.github.com/en/rest/issues/comments

const issueSchema = z.object({
  number: z.int(),
  html_url: z.string(),
  body: z.nullish(z.string()),
  /** The API counts pull requests as issues. */
  pull_request: z.optional(z.unknown()),
});
const bodiesSchema = z.array(z.object({ body: z.nullish(z.string()) }));

/** GitHub Issues. A mark is a comment of Markdown, which people do not see. */
export const openGitHub: OpenTicketProvider = ({ url, project = '', credentials, api }) => {
  const github = api(gitHubApi({ url, project, credentials }));
  const ticketOf = ({ number, html_url: page }: z.infer<typeof issueSchema>): Ticket => ({
    key: `#${number}`,
    id: String(number),
    url: page,
  });
  const comment = async ({ id }: Ticket, body: string): Promise<void> => {
    await github.call({ method: 'POST', path: `issues/${id}/comments`, body: { body } });
  };
  const isCommented = async ({ id }: Ticket, mark: string, since: string): Promise<boolean> => {
    const path = `issues/${id}/comments?per_page=100&since=${encodeURIComponent(since)}`;
    const comments = bodiesSchema.parse((await github.call({ method: 'GET', path })).json());
    return comments.some(({ body }) => body?.includes(mark));
  };
  return {
    keysIn: (text) => keysIn(text, project),
    async find(key) {
      const path = `issues/${numberOf(key)}`;
      // One that was moved to another repository, is not there, or was deleted ("Get an issue").
      const answer = await github.call({ method: 'GET', path, accepted: [301, 404, 410] });
      if (answer.status !== 200) return undefined;
      const issue = issueSchema.parse(answer.json());
      return issue.pull_request === undefined ? ticketOf(issue) : undefined;
    },
    async checkProject() {
      const answer = await github.call({ method: 'GET', path: '', accepted: [404] });
      if (answer.status === 404) throw noProject('GitHub', `repository ${project}`);
    },
    async create({ title, body, labels, mark }) {
      const issue = { title, body: marked(body, mark), labels };
      return ticketOf(issueSchema.parse((await github.call({ method: 'POST', path: 'issues', body: issue })).json()));
    },
    async findMarked(mark, since) {
      const query = `state=all&sort=created&direction=desc&per_page=100&since=${encodeURIComponent(since)}`;
      const answer = await github.call({ method: 'GET', path: `issues?${query}` });
      const issue = z
        .array(issueSchema)
        .parse(answer.json())
        .find(({ body }) => body?.includes(mark));
      return issue && ticketOf(issue);
    },
    comment: (ticket, { text, mark }) => comment(ticket, marked(text, mark)),
    isCommented,
    transition: (ticket, to) => transition(github, ticket, to),
    // GitHub's API takes no files for issues.
    attach: (ticket, { text, mark }) =>
      comment(ticket, marked(`<details><summary>Release summary</summary>\n\n${text}\n\n</details>`, mark)),
    isAttached: (ticket, { mark }, since) => isCommented(ticket, mark, since),
  };
};

function keysIn(text: string, project: string): string[] {
  const own = project.replaceAll('.', '\\.');
  const mention = new RegExp(`(?<![\\w/&#-])(?:${own}#|#|GH-)([1-9]\\d{0,8})\\b`, 'gi');
  return [...new Set([...text.matchAll(mention)].map(([, number]) => `#${number}`))];
}

async function transition(github: WebApi, { id }: Ticket, to: string): Promise<void> {
  const body = gitHubStatuses[to.toLowerCase()];
  // It says where to go, not a step: a second time changes nothing.
  await github.call({ method: 'PATCH', path: `issues/${id}`, body, isRepeatable: true });
}

function marked(text: string, mark: string): string {
  return `${text}\n\n<!-- ${mark} -->`;
}

function numberOf(key: string): string {
  const [, number] = /^(?:#|GH-)?(\d{1,9})$/i.exec(key) ?? [];
  if (number !== undefined) return number;
  throw new ActionFailed('ConfigurationError', `ticket "${key}" is not an issue's number; write #12`);
}
