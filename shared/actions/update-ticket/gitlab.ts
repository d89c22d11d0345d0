import * as z from 'zod/mini';
import { gitLabHeaders, gitLabProject } from '../web/git-hosts.ts';
import { ActionFailed } from '../result.ts';
import { formOf } from './multipart.ts';
import type { OpenTicketProvider, Ticket } from './provider.ts';
import { noProject } from './no-project.ts';
import { gitLabStatuses } from './status-rules.ts';

// https://docs.gitlab.com/api/issues/, https://docs.gitlab.com/api/notes/,
// https://docs.gitlab.com/api/project_markdown_uploads/

const issueSchema = z.object({ iid: z.int(), web_url: z.string(), description: z.nullish(z.string()) });
const notesSchema = z.array(z.object({ body: z.string() }));
const uploadSchema = z.object({ markdown: z.string() });

/** GitLab issues. A mark is a comment of Markdown, which people do not see. */
export const openGitLab: OpenTicketProvider = ({ url, project = '', credentials, api }) => {
  const gitlab = api({ name: 'GitLab', baseUrl: gitLabProject(url, project), headers: gitLabHeaders(credentials) });
  const ticketOf = ({ iid, web_url: page }: z.infer<typeof issueSchema>): Ticket => ({
    key: `#${iid}`,
    id: String(iid),
    url: page,
  });
  const comment = async ({ id }: Ticket, body: string): Promise<void> => {
    await gitlab.call({ method: 'POST', path: `issues/${id}/notes`, body: { body } });
  };
  const isCommented = async ({ id }: Ticket, mark: string): Promise<boolean> => {
    const path = `issues/${id}/notes?sort=desc&order_by=created_at&per_page=100`;
    return notesSchema
      .parse((await gitlab.call({ method: 'GET', path })).json())
      .some(({ body }) => body.includes(mark));
  };
  return {
    keysIn(text) {
      return [...new Set([...text.matchAll(/(?<![\w/&#!-])#([1-9]\d{0,8})\b/g)].map(([, number]) => `#${number}`))];
    },
    async find(key) {
      const answer = await gitlab.call({ method: 'GET', path: `issues/${numberOf(key)}`, accepted: [404] });
      return answer.status === 404 ? undefined : ticketOf(issueSchema.parse(answer.json()));
    },
    async checkProject() {
      const answer = await gitlab.call({ method: 'GET', path: '', accepted: [404] });
      if (answer.status === 404) throw noProject('GitLab', `project ${project}`);
    },
    async create({ title, body, labels, mark }) {
      const issue = { title, description: marked(body, mark), labels: labels.join(',') };
      return ticketOf(issueSchema.parse((await gitlab.call({ method: 'POST', path: 'issues', body: issue })).json()));
    },
    async findMarked(mark, since) {
      const path = `issues?order_by=created_at&sort=desc&per_page=100&created_after=${encodeURIComponent(since)}`;
      const issues = z.array(issueSchema).parse((await gitlab.call({ method: 'GET', path })).json());
      const issue = issues.find(({ description }) => description?.includes(mark));
      return issue && ticketOf(issue);
    },
    comment: (ticket, { text, mark }) => comment(ticket, marked(text, mark)),
    isCommented,
    async transition({ id }, to) {
      const body = { state_event: gitLabStatuses[to.toLowerCase()] };
      await gitlab.call({ method: 'PUT', path: `issues/${id}`, body });
    },
    // An upload belongs to the project; only the note that links it belongs to the ticket, and is what is looked for.
    async attach(ticket, file) {
      const uploaded = await gitlab.call({ method: 'POST', path: 'uploads', ...formOf(file) });
      await comment(ticket, marked(uploadSchema.parse(uploaded.json()).markdown, file.mark));
    },
    isAttached: (ticket, { mark }) => isCommented(ticket, mark),
  };
};

function marked(text: string, mark: string): string {
  return `${text}\n\n<!-- ${mark} -->`;
}

function numberOf(key: string): string {
  const [, number] = /^#?(\d{1,9})$/.exec(key) ?? [];
  if (number !== undefined) return number;
  throw new ActionFailed('ConfigurationError', `ticket "${key}" is not an issue's number; write #12`);
}
