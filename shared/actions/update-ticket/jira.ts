import * as z from 'zod/mini';
import { ActionFailed } from '../result.ts';
import { authorizationOf } from '../gateways/secrets.ts';
import type { WebApi } from '../web/web-api.ts';
import { isFalseKey } from './false-keys.ts';
import { formOf } from './multipart.ts';
import { noProject } from './no-project.ts';
import type { OpenTicketProvider, Ticket } from './provider.ts';

// https://developer.atlassian.com/cloud/jira/platform/rest/v3/ (groups issues, issue-comments, issue-attachments,
// issue-search and projects), https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/

const issueSchema = z.object({ id: z.string(), key: z.string() });
const statusSchema = z.object({ fields: z.object({ status: z.object({ name: z.string() }) }) });
const attachmentsSchema = z.object({
  fields: z.object({ attachment: z.optional(z.array(z.object({ filename: z.string() }))) }),
});
const transitionsSchema = z.object({
  transitions: z.array(z.object({ id: z.string(), name: z.string(), to: z.object({ name: z.string() }) })),
});
const foundSchema = z.object({ issues: z.array(issueSchema) });
const projectsSchema = z.object({ values: z.array(z.unknown()) });

/** Jira Cloud, by its REST API version 3. A mark is a label of an issue, and the last line of a comment. */
export const openJira: OpenTicketProvider = ({ url = '', site = url, project: asked, credentials, api }) => {
  // Keys of projects are upper case.
  const project = asked?.toUpperCase();
  const isLookedFor = (key: string): boolean =>
    project === undefined ? !isFalseKey(key) : key.startsWith(`${project}-`);
  const headers = { authorization: authorizationOf(credentials) };
  const jira = api({ name: 'Jira', baseUrl: `${url}/rest/api/3`, headers });
  const ticketOf = ({ id, key }: z.infer<typeof issueSchema>): Ticket => ({
    ...{ id, key },
    url: `${site}/browse/${key}`,
  });
  return {
    keysIn: (text) => keysIn(text).filter(isLookedFor),
    passedOver: (text) => keysIn(text).filter((key) => !isLookedFor(key)),
    async find(key) {
      const answer = await jira.call({ method: 'GET', path: `issue/${pathOf(key)}?fields=summary`, accepted: [404] });
      return answer.status === 404 ? undefined : ticketOf(issueSchema.parse(answer.json()));
    },
    checkProject: () => checkProject(jira, project),
    async create({ title, body, type = 'Task', labels, mark }) {
      const fields = {
        project: { key: project },
        issuetype: { name: type },
        summary: title,
        description: documentOf(body),
        labels: [...labels, mark],
      };
      const answer = await jira.call({ method: 'POST', path: 'issue', body: { fields } });
      return ticketOf(issueSchema.parse(answer.json()));
    },
    async findMarked(mark) {
      const body = { jql: `labels = "${mark}"`, fields: ['summary'], maxResults: 1 };
      const answer = await jira.call({ method: 'POST', path: 'search/jql', body, isRepeatable: true });
      const [issue] = foundSchema.parse(answer.json()).issues;
      return issue && ticketOf(issue);
    },
    async comment({ id }, { text, mark }) {
      const body = { body: documentOf(`${text}\n\n${mark}`) };
      await jira.call({ method: 'POST', path: `issue/${id}/comment`, body });
    },
    async isCommented({ id }, mark) {
      const path = `issue/${id}/comment?orderBy=-created&maxResults=100`;
      return (await jira.call({ method: 'GET', path })).text.includes(mark);
    },
    transition: ({ id, key }, to) => transition(jira, { id, key, to }),
    async attach({ id }, file) {
      const { headers: form, body } = formOf(file);
      // Without it Jira takes the form for a forged one.
      const formHeaders = { ...form, 'x-atlassian-token': 'no-check' };
      await jira.call({ method: 'POST', path: `issue/${id}/attachments`, headers: formHeaders, body });
    },
    async isAttached({ id }, { name }) {
      const answer = await jira.call({ method: 'GET', path: `issue/${id}?fields=attachment` });
      const { attachment = [] } = attachmentsSchema.parse(answer.json()).fields;
      return attachment.some(({ filename }) => filename === name);
    },
  };
};

function keysIn(text: string): string[] {
  return [...new Set([...text.matchAll(/(?<![\w-])[A-Z][A-Z0-9_]{1,9}-[1-9]\d{0,9}(?![\w-])/g)].map(([key]) => key))];
}

async function checkProject(jira: WebApi, project: string | undefined): Promise<void> {
  if (project === undefined) {
    // Jira takes credentials that it does not know for nobody, who sees no project.
    const seen = await jira.call({ method: 'GET', path: 'project/search?maxResults=1' });
    if (projectsSchema.parse(seen.json()).values.length === 0) throw noProject('Jira', 'project at all');
    return;
  }
  const answer = await jira.call({ method: 'GET', path: `project/${pathOf(project)}`, accepted: [404] });
  if (answer.status === 404) throw noProject('Jira', `project ${project}`);
}

async function transition(jira: WebApi, { id, key, to }: { id: string; key: string; to: string }): Promise<void> {
  const isWanted = (name: string): boolean => name.toLowerCase() === to.toLowerCase();
  const issue = await jira.call({ method: 'GET', path: `issue/${id}?fields=status` });
  if (isWanted(statusSchema.parse(issue.json()).fields.status.name)) return;
  const answer = await jira.call({ method: 'GET', path: `issue/${id}/transitions` });
  const { transitions } = transitionsSchema.parse(answer.json());
  const wanted = transitions.find((one) => isWanted(one.to.name)) ?? transitions.find(({ name }) => isWanted(name));
  if (!wanted) {
    const names = transitions.map((one) => one.to.name).join(', ') || 'nowhere';
    throw new ActionFailed(
      'ConfigurationError',
      `${key} can't go to ${to}; from where it is it can go to: ${names}. Name one of them, or mend Jira's workflow`,
    );
  }
  await jira.call({ method: 'POST', path: `issue/${id}/transitions`, body: { transition: { id: wanted.id } } });
}

/** Text in the Atlassian Document Format: a paragraph for each block, with its lines. */
function documentOf(text: string): unknown {
  const paragraphs = text.split(/\n{2,}/).map((block) => ({ type: 'paragraph', content: linesOf(block) }));
  return { type: 'doc', version: 1, content: paragraphs };
}

/** A text node may not be empty. */
function linesOf(block: string): unknown[] {
  return block
    .split('\n')
    .flatMap((line, index) => [
      ...(index > 0 ? [{ type: 'hardBreak' }] : []),
      ...(line === '' ? [] : [{ type: 'text', text: line }]),
    ]);
}

const pathOf = encodeURIComponent;
