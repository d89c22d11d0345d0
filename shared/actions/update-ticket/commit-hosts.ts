import * as z from 'zod/mini';
import { gitHubApi, gitLabHeaders, gitLabProject } from '../web/git-hosts.ts';
import type { ProviderOptions } from './provider.ts';

// https://docs.github.com/en/rest/commits/commits#compare-two-commits,
// https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits

/** Where the commits are that a pipeline releases. */
export interface CommitHost {
  /**
   * Messages of the commits that one commit has and another has not, newest first, as many as the host tells at once (GitHub: 250).
   * Undefined if the repository does not have both.
   */
  messagesBetween(released: string, now: string): Promise<readonly string[] | undefined>;
}

/** Opens a repository. */
type OpenCommitHost = (
  options: Pick<ProviderOptions, 'url' | 'credentials' | 'api'> & { project: string },
) => CommitHost;

const gitHubSchema = z.object({ commits: z.array(z.object({ commit: z.object({ message: z.string() }) })) });
const gitLabSchema = z.object({ commits: z.array(z.object({ message: z.string() })) });

const openGitHub: OpenCommitHost = ({ url, project, credentials, api }) => {
  const github = api(gitHubApi({ url, project, credentials }));
  return {
    async messagesBetween(released, now) {
      const answer = await github.call({ method: 'GET', path: `compare/${released}...${now}`, accepted: [404] });
      if (answer.status === 404) return undefined;
      return gitHubSchema
        .parse(answer.json())
        .commits.map(({ commit }) => commit.message)
        .toReversed();
    },
  };
};

const openGitLab: OpenCommitHost = ({ url, project, credentials, api }) => {
  const gitlab = api({ name: 'GitLab', baseUrl: gitLabProject(url, project), headers: gitLabHeaders(credentials) });
  return {
    async messagesBetween(released, now) {
      const path = `repository/compare?from=${released}&to=${now}`;
      const answer = await gitlab.call({ method: 'GET', path, accepted: [404] });
      if (answer.status === 404) return undefined;
      return gitLabSchema
        .parse(answer.json())
        .commits.map(({ message }) => message)
        .toReversed();
    },
  };
};

/** Every host whose commits the action can compare. */
export const commitHosts: Readonly<Record<'github' | 'gitlab', OpenCommitHost>> = {
  github: openGitHub,
  gitlab: openGitLab,
};
