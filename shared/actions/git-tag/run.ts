import { implementAction, type ActionInput } from '../action.ts';
import { factsOf, fillTemplate } from '../release-facts.ts';
import { fail, succeed } from '../result.ts';
import { readCredentials } from '../gateways/secrets.ts';
import { readingAnswers } from '../web/web-answer.ts';
import { webApi } from '../web/web-api.ts';
import { gitTag } from './declaration.ts';
import type { GitHost, NewTag } from './host.ts';
import { gitHosts } from './registry.ts';
import { releasedCommit } from './released-commit.ts';
import { checkedTagName } from './tag-name.ts';

type Input = ActionInput<typeof gitTag>;

export default implementAction(gitTag, (input) => readingAnswers(input.parameters.provider, () => tag(input)));

async function tag(input: Input): Promise<ReturnType<typeof fail> | ReturnType<typeof succeed<'tag' | 'commit'>>> {
  const wanted = await wantedTag(input);
  const { name, commit } = wanted;
  const host = await openHost(input);
  const before = await host.find(name);
  if (before === undefined) {
    if (await host.make(wanted))
      return succeed({ outputs: { tag: name, commit }, summary: `tagged ${commit} ${name}` });
    // Somebody else was faster, or the host does not know the commit.
    if ((await host.find(name)) === undefined)
      return fail(
        'ConfigurationError',
        `${commit} can't be tagged ${name}; is it a commit of ${input.parameters.project}?`,
      );
  }
  const at = before ?? (await host.find(name));
  return at === commit
    ? succeed({ outputs: { tag: name, commit }, summary: `${commit} was tagged ${name} before` })
    : fail('JobFailed', `tag ${name} is at ${at} and not at ${commit}; take another name, or remove the tag`);
}

async function wantedTag({ parameters, context, gateways, release: readRelease }: Input): Promise<NewTag> {
  const release = await readRelease();
  const revisions = context ? await gateways.executions.revisions(context) : [];
  const commit = releasedCommit({ asked: parameters.commit, artifact: parameters.artifact, release, revisions });
  // What is tagged is what the texts name, also where no release says it.
  const facts = { ...factsOf(release, context), commit, shortCommit: commit.slice(0, 8) };
  const { tag: name, message } = parameters;
  return {
    name: checkedTagName(fillTemplate(name, facts)),
    commit,
    message: message === undefined ? undefined : fillTemplate(message, facts),
  };
}

async function openHost({ parameters, gateways, signal, remainingMs, clock }: Input): Promise<GitHost> {
  const { provider, url, project, secret } = parameters;
  const credentials = await readCredentials(gateways.secrets, secret);
  const api = (options: Parameters<Parameters<(typeof gitHosts)['github']>[0]['api']>[0]) =>
    webApi({ ...options, signal, remainingMs, clock });
  return gitHosts[provider]({ url, project, credentials, api });
}
