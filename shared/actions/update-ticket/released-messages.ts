import type { ActionInput } from '../action.ts';
import { readCredentials } from '../secrets.ts';
import { readingAnswers } from '../web-answer.ts';
import { commitHosts, type CommitHost } from './commit-hosts.ts';
import type { updateTicket } from './declaration.ts';
import type { UpdateTicketParameters } from './parameters.ts';
import type { ProviderOptions } from './provider.ts';
import { sinceRelease } from './since-release.ts';

type Input = Pick<ActionInput<typeof updateTicket>, 'parameters' | 'context' | 'gateways'>;

/**
 * Messages of the commits that are released beside those that the sources took: what the repository has between the last
 * release and this one; where it is not known, what the executions in between, which did not get through, had taken.
 */
export async function releasedMessages(input: Input, api: ProviderOptions['api']): Promise<readonly string[]> {
  const { parameters, context, gateways } = input;
  if (!parameters.readCommits || !context) return [];
  const taken = sinceRelease(await gateways.executions.history(context.pipeline), context.pipelineExecutionId);
  const isComparable = taken.some(({ released }) => released !== undefined);
  const host = isComparable ? await openHost(input, api) : undefined;
  const messages = await Promise.all(
    taken.map(async ({ released, now, summaries }) => {
      const between = released === undefined ? undefined : await host?.messagesBetween(released, now);
      return between ?? summaries;
    }),
  );
  return messages.flat();
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
