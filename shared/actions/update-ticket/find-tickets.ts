import { parseJson } from '../../parse-json.ts';
import type { SourceRevision } from '../gateways/executions.ts';
import { ActionFailed } from '../result.ts';
import type { Release } from '../../state/release.ts';
import type { UpdateTicketParameters } from './parameters.ts';
import type { Ticket, TicketProvider } from './provider.ts';

/** More tickets than these are not of one release; those that come first are told. */
export const mostTickets = 20;

/** What was found, and what was mentioned and is not there. */
export interface FoundTickets {
  readonly tickets: readonly Ticket[];
  readonly unknownKeys: readonly string[];
  /** What looks like a key and was not looked for. */
  readonly passedOver: readonly string[];
  /** Mentioned beyond the most that are told, and not looked at or not told. */
  readonly leftOut: readonly string[];
}

/** The texts of a release in which people mention tickets, the newest first. */
export function textsOf(
  { readCommits, text = '' }: Pick<UpdateTicketParameters, 'readCommits' | 'text'>,
  told: {
    readonly release: Release | undefined;
    readonly revisions: readonly Pick<SourceRevision, 'summary'>[];
    /** Of earlier commits that are released with these. */
    readonly messages: readonly string[];
  },
): string {
  if (!readCommits) return text;
  const commits = [...told.revisions.map(({ summary }) => summary), ...told.messages];
  return [text, told.release?.reason ?? '', ...commits.map(messageOf)].join('\n');
}

/** A connection's source wraps the commit's message in JSON: `{"ProviderType":"GitHub","CommitMessage":"…"}`. */
function messageOf(summary: string): string {
  if (!summary.startsWith('{')) return summary;
  const wrapped = parseJson(summary);
  const isWrapped = typeof wrapped === 'object' && wrapped !== null && 'CommitMessage' in wrapped;
  return isWrapped ? String(wrapped.CommitMessage) : summary;
}

/**
 * The tickets that are named, and those that a text mentions as far as they exist.
 * @throws ActionFailed if one that is named does not exist
 */
export async function findTickets(
  provider: TicketProvider,
  named: readonly string[],
  text: string,
): Promise<FoundTickets> {
  const tickets = new Map<string, Ticket>();
  for (const key of named) {
    const ticket = await provider.find(key);
    if (!ticket)
      throw new ActionFailed('ConfigurationError', `there is no ticket ${key}, or its secret may not see it`);
    tickets.set(ticket.id, ticket);
  }
  const mentioned = provider.keysIn(text);
  const unknownKeys: string[] = [];
  for (const key of mentioned.slice(0, mostTickets)) {
    const ticket = await provider.find(key);
    if (ticket) tickets.set(ticket.id, ticket);
    else unknownKeys.push(key);
  }
  const found = [...tickets.values()];
  const notTold = found.slice(mostTickets).map(({ key }) => key);
  return {
    tickets: found.slice(0, mostTickets),
    unknownKeys,
    passedOver: provider.passedOver?.(text) ?? [],
    leftOut: [...notTold, ...mentioned.slice(mostTickets)],
  };
}
