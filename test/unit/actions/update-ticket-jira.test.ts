import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionBench } from '../../../shared/actions/testing/testing.ts';
import updateTicketAction from '../../../shared/actions/update-ticket/run.ts';
import { webServer, type WebReply, type WebRequest, type WebServer } from '../../support/web-server.ts';

const context = { pipelineExecutionId: 'e-1', pipeline: 'shop', stage: 'Deploy', action: 'Ticket' };

let server: WebServer;
let reply: (request: WebRequest) => WebReply;
beforeEach(async () => {
  server = await webServer((request) => reply(request));
});
afterEach(() => server.close());

/** Delivers a job of a pipeline whose source took a commit with this message. */
async function tell(message: string, project: string | undefined): Promise<object | undefined> {
  const revisions = [{ artifact: 'Source', id: 'c'.repeat(40), summary: message }];
  const executions = { revisions: async () => revisions, history: async () => [] };
  const gateways = { executions, secrets: { read: async () => '{"token":"t"}' } };
  const jira = { provider: 'jira', secret: 'tracker', url: server.url, project, comment: 'released' };
  const bench = actionBench(updateTicketAction, { remainingMs: 2_600, gateways });
  const { answers } = await bench.deliver({ context, parameters: jira });
  return answers[0]?.answer;
}

describe('update-ticket with a Jira that shows none of the tickets', () => {
  it('names the keys that it passed over, so that a misspelt project is seen', async () => {
    const summary = 'no ticket is named or mentioned; not looked for: OPS-1, UTF-8';
    expect(await tell('OPS-1 in UTF-8', 'OPSS')).toMatchObject({ kind: 'succeeded', summary });
    expect(server.requests).toEqual([]);
  });

  it.each([undefined, 'SHOP'])('asks nothing for words that are no keys, with project %s', async (project) => {
    reply = () => ({ status: 401 });
    const words = 'UTF-8 SHA-256 ISO-8601 RFC-2616 CVE-2024 CVE-2024-1234 UTC-5 HTTP-2';
    expect(await tell(words, project)).toMatchObject({ kind: 'succeeded' });
    expect(server.requests).toEqual([]);
  });

  it('looks for a key that is such a word where the project is called so', async () => {
    reply = () => ({ status: 200, body: { id: '7', key: 'ISO-7' } });
    expect(await tell('ISO-7', 'ISO')).toMatchObject({ kind: 'succeeded', outputs: { tickets: 'ISO-7' } });
  });

  it.each([
    [401, undefined],
    [403, undefined],
    [401, 'SHOP'],
    [403, 'SHOP'],
  ])('needs no right to read projects, which answers %i (project %s)', async (status, project) => {
    reply = ({ path }) => ({ status: path.includes('/project') ? status : 404 });
    const unchecked = `no tickets: SHOP-9; the project could not be checked: Jira answered ${status}`;
    const summary = expect.stringContaining(unchecked);
    expect(await tell('SHOP-9', project)).toMatchObject({ kind: 'succeeded', summary });
  });

  it.each<[WebReply, string]>([
    [{ status: 401 }, 'PermissionError'],
    [{ status: 403 }, 'PermissionError'],
    [{ status: 404 }, 'ConfigurationError'],
    [{ status: 200, body: '<html>' }, 'SystemUnavailable'],
  ])('fails when %j is the answer to a key of the project', async (answer, type) => {
    reply = () => answer;
    expect(await tell('SHOP-9', 'SHOP')).toMatchObject({ kind: 'failed', type });
  });

  it('fails when its credentials see no project, as nobody does', async () => {
    reply = ({ path }) => (path.includes('search') ? { status: 200, body: { values: [] } } : { status: 404 });
    const message = expect.stringContaining('Jira shows no project at all');
    expect(await tell('OPS-1', undefined)).toMatchObject({ type: 'ConfigurationError', message });
  });
});
