import type { ActionInput } from '../action.ts';
import { ActionFailed } from '../result.ts';
import { readCredentials } from '../gateways/secrets.ts';
import { readingAnswers } from '../web/web-answer.ts';
import { commitHosts, type CommitHost } from './commit-hosts.ts';
import type { updateTicket } from './declaration.ts';
import type { UpdateTicketParameters } from './parameters.ts';
import type { ProviderOptions } from './provider.ts';
import { sinceRelease, type TakenSince } from './since-release.ts';

type Input = Pick<ActionInput<typeof updateTicket>, 'parameters' | 'context' | 'gateways'>;

/** What is known of the commits that are released beside those that the sources took. */
export interface ReleasedMessages {
  readonly messages: readonly string[];
  /** Why the repository did not tell them; undefined if it did, or was not asked. */
  readonly unread: string | undefined;
}

/** What one source took, as far as the repository or the executions tell. */
interface Told {
  readonly messages: readonly string[];
  /** How reading them from the repository went; `missing` if it does not have the commits. */
  readonly reading: 'done' | 'missing' | 'not-asked' | { readonly problem: string };
}

/**
 * Messages of the commits that are released beside those that the sources took: what the repository has between the last
 * release and this one; where it is not known, what the executions in between, which did not get through, had taken.
 * @throws ActionFailed if a repository that the pipeline names does not answer
 */
export async function releasedMessages(input: Input, api: ProviderOptions['api']): Promise<ReleasedMessages> {
  const { parameters, context, gateways } = input;
  if (!parameters.readCommits || !context) return { messages: [], unread: undefined };
  const taken = sinceRelease(await gateways.executions.history(context.pipeline), context.pipelineExecutionId);
  const isComparable = taken.some(({ released }) => released !== undefined);
  const host = isComparable ? await openHost(input, api) : undefined;
  const isNamed = parameters.repository !== undefined;
  const told = await Promise.all(taken.map((one) => messagesOf(one, { host, isNamed })));
  return { messages: told.flatMap(({ messages }) => messages), unread: unreadOf(told) };
}

async function messagesOf(
  { released, now, summaries }: TakenSince,
  { host, isNamed }: { readonly host: CommitHost | undefined; readonly isNamed: boolean },
): Promise<Told> {
  if (released === undefined || !host) return { messages: summaries, reading: 'not-asked' };
  try {
    const between = await host.messagesBetween(released, now);
    return { messages: between ?? summaries, reading: between ? 'done' : 'missing' };
  } catch (thrown) {
    // A token for issues need not read commits: only who names the repository has said that it does.
    if (isNamed || !(thrown instanceof ActionFailed)) throw thrown;
    return { messages: summaries, reading: { problem: thrown.message } };
  }
}

/** A source of another repository is not in this one, which says nothing as long as any is. */
function unreadOf(told: readonly Told[]): string | undefined {
  for (const { reading } of told) if (typeof reading === 'object') return reading.problem;
  const isMissing =
    told.some(({ reading }) => reading === 'missing') && !told.some(({ reading }) => reading === 'done');
  return isMissing ? 'the repository does not show them to this token' : undefined;
}

async function openHost({ parameters, gateways }: Input, api: ProviderOptions['api']): Promise<CommitHost | undefined> {
  const repository = repositoryOf(parameters);
  if (!repository) return undefined;
  const { provider, url, project, secret } = repository;
  const credentials = await readCredentials(gateways.secrets, secret);
  const host = commitHosts[provider]({ url, project, api, credentials });
  return { messagesBetween: (released, now) => readingAnswers(provider, () => host.messagesBetween(released, now)) };
}

/** The one that is named; that of the issues otherwise. */
function repositoryOf(parameters: UpdateTicketParameters): UpdateTicketParameters['repository'] {
  const { repository, provider, url, project, secret } = parameters;
  if (repository || project === undefined || (provider !== 'github' && provider !== 'gitlab')) return repository;
  return { provider, project, secret, ...(url !== undefined && { url }) };
}
