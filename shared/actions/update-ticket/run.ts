import { createHash } from 'node:crypto';
import { implementAction, type ActionInput } from '../action.ts';
import { scopeOf } from '../runner/once.ts';
import { factsOf, fillTemplate, type ReleaseFacts } from '../release-facts.ts';
import { summaryOf } from '../release-summary.ts';
import { ActionFailed, cut, fail, succeed } from '../result.ts';
import { readCredentials } from '../gateways/secrets.ts';
import { readingAnswers } from '../web/web-answer.ts';
import { webApi } from '../web/web-api.ts';
import { updateTicket } from './declaration.ts';
import { findTickets, textsOf, type FoundTickets } from './find-tickets.ts';
import { notTold } from './not-told.ts';
import type { ProviderOptions, Ticket, TicketFile, TicketProvider } from './provider.ts';
import { ticketProviders } from './registry.ts';
import { releasedMessages } from './released-messages.ts';

type Input = ActionInput<typeof updateTicket>;

/** Jira's limit for a summary, the narrowest of them. */
const longestTitle = 255;

export default implementAction(updateTicket, (input) => readingAnswers(input.parameters.provider, () => update(input)));

async function update(input: Input): Promise<ReturnType<typeof succeed> | ReturnType<typeof fail>> {
  const { parameters, gateways, context } = input;
  const provider = await openProvider(input);
  const [release, revisions, { messages, unread }] = await Promise.all([
    input.release(),
    context ? gateways.executions.revisions(context) : [],
    releasedMessages(input, apiOf(input)),
  ]);
  const text = textsOf(parameters, { release, revisions, messages });
  const search = await findTickets(provider, parameters.tickets, text);
  const { tickets: found } = search;
  const facts = factsOf(release, context);
  const created = found.length === 0 ? await createOnce(input, provider, facts) : undefined;
  const tickets = created ? [created] : found;
  if (tickets.length === 0) {
    const unchecked = await uncheckedOf(provider, search);
    const none = `no ticket is named or mentioned${notTold({ search, unread, unchecked })}`;
    return parameters.requireTicket
      ? fail('JobFailed', `${none}; name one in a commit message`)
      : succeed({ summary: none });
  }
  for (const ticket of tickets)
    await tell(input, provider, { ticket, facts, summary: summaryOf({ release, context, revisions }) });
  const keys = tickets.map(({ key }) => key).join(', ');
  return succeed({
    outputs: {
      tickets: keys,
      urls: tickets.map(({ url }) => url).join(', '),
      ...(created && { created: created.key }),
    },
    summary: `${created ? 'created' : 'updated'} ${keys}${notTold({ search: { ...search, passedOver: [] }, unread })}`,
  });
}

/**
 * Looks whether the project can be seen when nothing that is mentioned is there. A token for tickets need not be allowed to
 * look, and one that is wrong has failed before.
 * @returns why it could not be looked at, if so
 * @throws ActionFailed if the project can't be seen
 */
async function uncheckedOf(provider: TicketProvider, { unknownKeys }: FoundTickets): Promise<string | undefined> {
  if (unknownKeys.length === 0) return undefined;
  try {
    await provider.checkProject();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof ActionFailed) || thrown.type !== 'PermissionError') throw thrown;
    return thrown.message;
  }
}

function apiOf({ signal, remainingMs, clock }: Input): ProviderOptions['api'] {
  return (options) => webApi({ ...options, signal, remainingMs, clock });
}

async function openProvider(input: Input): Promise<TicketProvider> {
  const { parameters, gateways } = input;
  const { provider, url, site, project, secret } = parameters;
  const credentials = await readCredentials(gateways.secrets, secret);
  return ticketProviders[provider]({
    ...{ url, site, project, credentials },
    api: apiOf(input),
  });
}

async function createOnce(input: Input, provider: TicketProvider, facts: ReleaseFacts): Promise<Ticket | undefined> {
  const { create } = input.parameters;
  if (!create) return undefined;
  const { title, body = 'Release {{release}} of {{service}} at {{commit}}, asked for by {{requestedBy}}.' } = create;
  const mark = markOf(input, 'create');
  const { result } = await input.once('create', {
    make: () =>
      provider.create({
        ...{ type: create.type, labels: create.labels, mark },
        title: cut(fillTemplate(title, facts).replaceAll(/\s+/g, ' '), longestTitle),
        body: fillTemplate(body, facts),
      }),
    find: (begunAt) => provider.findMarked(mark, earlier(begunAt)),
  });
  return result;
}

/** What the parameters ask for, each once for this ticket. */
async function tell(
  input: Input,
  provider: TicketProvider,
  { ticket, facts, summary }: { readonly ticket: Ticket; readonly facts: ReleaseFacts; readonly summary: string },
): Promise<void> {
  const { comment, transition, attachSummary } = input.parameters;
  const { id } = ticket;
  if (comment) {
    const note = { text: fillTemplate(comment, facts), mark: markOf(input, `comment/${id}`) };
    await input.once(`comment/${id}`, {
      make: () => provider.comment(ticket, note).then(() => note.mark),
      find: async (begunAt) =>
        (await provider.isCommented(ticket, note.mark, earlier(begunAt))) ? note.mark : undefined,
    });
  }
  if (attachSummary) {
    const mark = markOf(input, `attach/${id}`);
    const file: TicketFile = { name: `${mark}.md`, text: summary, mark };
    await input.once(`attach/${id}`, {
      make: () => provider.attach(ticket, file).then(() => mark),
      find: async (begunAt) => ((await provider.isAttached(ticket, file, earlier(begunAt))) ? mark : undefined),
    });
  }
  // Last: a status may close a ticket for comments. Once, so that a retry does not undo what a person did since.
  if (transition) await input.once(`transition/${id}`, { make: () => provider.transition(ticket, transition) });
}

/** Our clock and the provider's need not agree to the second. */
function earlier(at: string): string {
  return new Date(Date.parse(at) - 5 * 60_000).toISOString();
}

/** The same for every run of this action in this pipeline execution, and for no other. */
function markOf({ context, jobId }: Input, name: string): string {
  const hash = createHash('sha256')
    .update(`${scopeOf(context, jobId)}\n${name}`)
    .digest('hex');
  return `slipway-${hash.slice(0, 16)}`;
}
