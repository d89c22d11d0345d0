import { problemOfProject } from '../web/git-hosts.ts';
import type { ParameterRule } from '../parameter-rules.ts';
import { problemOfStatus } from './status-rules.ts';

/** What the rules look at. */
interface Asked {
  readonly provider: string;
  readonly url?: string | undefined;
  readonly site?: string | undefined;
  readonly project?: string | undefined;
  readonly repository?: { readonly provider: string; readonly project: string } | undefined;
  readonly create?: unknown;
  readonly comment?: string | undefined;
  readonly transition?: string | undefined;
  readonly attachSummary: boolean;
}

/** Jira's API for tokens with scopes, which is no site that people see. */
const gateway = 'https://api.atlassian.com/';

/** What must hold between the parameters. */
export const rules: readonly ParameterRule<Asked>[] = [
  {
    of: 'url',
    reads: ['provider'],
    problem: ({ provider, url }) =>
      url !== undefined || isGitHost(provider)
        ? undefined
        : 'is needed for Jira and ServiceNow, e.g. https://acme.atlassian.net',
  },
  {
    of: 'site',
    reads: ['provider', 'url'],
    problem({ provider, url, site }) {
      const isNeeded = provider === 'jira' && url !== undefined && url.startsWith(gateway);
      if (isNeeded === (site !== undefined)) return undefined;
      return isNeeded
        ? `is needed beside ${gateway}…, where nobody can look at a ticket; give https://acme.atlassian.net`
        : `is for Jira behind ${gateway}… alone; leave it out`;
    },
  },
  {
    of: 'project',
    reads: ['provider'],
    // Jira's keys name their project; a new ticket has none yet.
    problem: ({ provider, project, create }) =>
      project === undefined && (isGitHost(provider) || (provider === 'jira' && create !== undefined))
        ? 'is needed: the key of a Jira project, owner/name on GitHub, or the path of a project on GitLab'
        : undefined,
  },
  {
    of: 'project',
    reads: ['provider', 'project'],
    problem: ({ provider, project }) => (project === undefined ? undefined : problemOfProject(provider, project)),
  },
  {
    of: 'repository',
    reads: ['repository'],
    problem: ({ repository }) => repository && problemOfProject(repository.provider, repository.project),
  },
  {
    of: 'transition',
    reads: ['provider', 'transition'],
    problem: ({ provider, transition }) =>
      transition === undefined ? undefined : problemOfStatus(provider, transition),
  },
  {
    of: undefined,
    reads: [],
    problem: ({ create, comment, transition, attachSummary }) =>
      create || comment || transition || attachSummary
        ? undefined
        : 'ask for something to be done: create, comment, transition or attachSummary',
  },
];

function isGitHost(provider: string): boolean {
  return provider === 'github' || provider === 'gitlab';
}
