import * as z from 'zod/mini';
import { ActionFailed } from '../result.ts';
import { authorizationOf } from '../gateways/secrets.ts';
import type { WebApi } from '../web/web-api.ts';
import { noProject } from './no-project.ts';
import type { OpenTicketProvider, Ticket } from './provider.ts';
import { changeStates } from './status-rules.ts';

// https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html (table change_request) and
// https://www.servicenow.com/docs/r/api-reference/rest-apis/c_AttachmentAPI.html

const recordSchema = z.object({ sys_id: z.string(), number: z.string() });
const stateSchema = z.object({ result: z.object({ state: z.string() }) });
const oneSchema = z.object({ result: recordSchema });
const foundSchema = z.object({ result: z.array(z.extend(recordSchema, { correlation_id: z.optional(z.string()) })) });
const notesSchema = z.object({ result: z.object({ work_notes: z.string() }) });
const filesSchema = z.object({ result: z.array(z.object({ file_name: z.string() })) });

/** Change requests of ServiceNow. A mark is the correlation id of a change, and the last line of a work note. */
export const openServiceNow: OpenTicketProvider = ({ url: site = '', credentials, api }) => {
  const headers = { authorization: authorizationOf(credentials) };
  const now = api({ name: 'ServiceNow', baseUrl: `${site}/api/now`, headers });
  const ticketOf = ({ sys_id: id, number }: z.infer<typeof recordSchema>): Ticket => ({
    ...{ key: number, id },
    url: `${site}/nav_to.do?uri=${encodeURIComponent(`change_request.do?sys_id=${id}`)}`,
  });
  return {
    keysIn(text) {
      return [...new Set([...text.matchAll(/(?<![\w-])CHG\d{7,12}(?![\w-])/g)].map(([key]) => key))];
    },
    async find(key) {
      const number = key.toUpperCase();
      if (!/^[A-Z]{2,10}\d{4,12}$/.test(number))
        throw new ActionFailed('ConfigurationError', `ticket "${key}" is not a change's number; write CHG0030002`);
      const change = (await search(now, `number=${number}`)).find((one) => one.number === number);
      return change && ticketOf(change);
    },
    async checkProject() {
      const path = 'table/change_request?sysparm_fields=sys_id,number&sysparm_limit=1';
      const answer = await now.call({ method: 'GET', path, accepted: [404] });
      const changes = answer.status === 404 ? [] : foundSchema.parse(answer.json()).result;
      if (changes.length === 0) throw noProject('ServiceNow', 'change request at all');
    },
    async create({ title, body, type = 'normal', mark }) {
      const change = { short_description: title, description: body, type, correlation_id: mark };
      const answer = await now.call({ method: 'POST', path: 'table/change_request', body: change });
      return ticketOf(oneSchema.parse(answer.json()).result);
    },
    async findMarked(mark) {
      const change = (await search(now, `correlation_id=${mark}`)).find((one) => one.correlation_id === mark);
      return change && ticketOf(change);
    },
    async comment({ id }, { text, mark }) {
      await now.call({
        method: 'PATCH',
        path: `table/change_request/${id}`,
        body: { work_notes: `${text}\n\n${mark}` },
      });
    },
    async isCommented({ id }, mark) {
      const path = `table/change_request/${id}?sysparm_fields=work_notes&sysparm_display_value=true`;
      return notesSchema.parse((await now.call({ method: 'GET', path })).json()).result.work_notes.includes(mark);
    },
    transition: (ticket, to) => transition(now, ticket, to),
    async attach({ id }, { name, text }) {
      const path = `attachment/file?table_name=change_request&table_sys_id=${id}&file_name=${encodeURIComponent(name)}`;
      await now.call({ method: 'POST', path, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text });
    },
    async isAttached({ id }, { name }) {
      const path = `attachment?sysparm_query=${encodeURIComponent(`table_sys_id=${id}^file_name=${name}`)}&sysparm_limit=10`;
      const answer = await now.call({ method: 'GET', path, accepted: [404] });
      if (answer.status === 404) return false;
      return filesSchema.parse(answer.json()).result.some(({ file_name: file }) => file === name);
    },
  };
};

/** An instance may answer a query that it does not understand with every record: the caller looks at each. */
async function search(now: WebApi, query: string): Promise<z.infer<typeof foundSchema>['result']> {
  const fields = 'sys_id,number,correlation_id';
  const path = `table/change_request?sysparm_query=${encodeURIComponent(query)}&sysparm_fields=${fields}&sysparm_limit=1`;
  const answer = await now.call({ method: 'GET', path, accepted: [404] });
  return answer.status === 404 ? [] : foundSchema.parse(answer.json()).result;
}

async function transition(now: WebApi, { id, key }: Ticket, to: string): Promise<void> {
  const state = changeStates[to.toLowerCase()] ?? to;
  // A change cannot be closed without these two.
  const closing = state === changeStates['closed'] && { close_code: 'successful', close_notes: 'Released.' };
  const path = `table/change_request/${id}?sysparm_fields=state`;
  const answer = await now.call({ method: 'PATCH', path, body: { state, ...closing }, isRepeatable: true });
  const { state: reached } = stateSchema.parse(answer.json()).result;
  // Business rules undo a change of state without an error.
  if (reached !== state)
    throw new ActionFailed(
      'ConfigurationError',
      `ServiceNow left ${key} in state ${reached}; ${to} (${state}) can't be reached from there`,
    );
}
