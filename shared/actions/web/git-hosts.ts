import { ActionFailed } from '../result.ts';
import { authorizationOf, type Credentials } from '../gateways/secrets.ts';
import type { WebApiOptions } from './web-api.ts';

/**
 * How GitHub's API of a repository is reached
 * (https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api).
 * @throws ActionFailed if the project is not a repository's name
 */
export function gitHubApi(of: {
  readonly url: string | undefined;
  readonly project: string;
  readonly credentials: Credentials;
}): Pick<WebApiOptions, 'name' | 'baseUrl' | 'headers'> {
  return {
    name: 'GitHub',
    baseUrl: `${gitHubApiOf(of.url)}/repos/${repositoryOf(of.project)}`,
    headers: {
      authorization: authorizationOf(of.credentials),
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
  };
}

/**
 * The API of a site: of GitHub.com, of an enterprise on GHE.com
 * (https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency),
 * or of an Enterprise Server (https://docs.github.com/en/enterprise-server@latest/rest/enterprise-admin#endpoint-urls).
 * It may be named by its API as well, and a URL with a path, that of a proxy for one, is taken for an API.
 */
function gitHubApiOf(url = 'https://github.com'): string {
  const { host, pathname } = new URL(url);
  if (host === 'github.com') return 'https://api.github.com';
  if (host === 'api.github.com' || /^api\..+\.ghe\.com$/.test(host)) return url;
  if (host.endsWith('.ghe.com')) return `https://api.${host}`;
  return pathname === '/' ? `${url}/api/v3` : url;
}

/**
 * `owner/name` as a part of a path of GitHub's API.
 * @throws ActionFailed for anything else
 */
function repositoryOf(project: string): string {
  const problem = problemOfProject('github', project);
  if (problem === undefined) return project;
  throw new ActionFailed('ConfigurationError', `project ${problem}`);
}

/** What is wrong with the name of a project on GitHub or GitLab; undefined if nothing is, and for any other provider. */
export function problemOfProject(provider: string, project: string): string | undefined {
  const isPath = !/(^|\/)\.\.?(\/|$)/.test(project);
  if (provider === 'github' && !(isPath && /^[\w.-]+\/[\w.-]+$/.test(project)))
    return `"${project}" is not a repository on GitHub; write owner/name`;
  if (provider === 'gitlab' && !(isPath && /^(\d+|[\w.-]+(\/[\w.-]+)+)$/.test(project)))
    return `"${project}" is not a project on GitLab; write its path, e.g. group/name, or its number`;
  return undefined;
}

/** The base URL of a project in GitLab's API: a path is one segment there, or a number. The site may be named by its API. */
export function gitLabProject(url: string | undefined, project: string): string {
  const site = (url ?? 'https://gitlab.com').replace(/\/api\/v4$/, '');
  return `${site}/api/v4/projects/${encodeURIComponent(project)}`;
}

/**
 * The header with which GitLab takes a token (https://docs.gitlab.com/api/rest/authentication/).
 * @throws ActionFailed for a user and a password
 */
export function gitLabHeaders(credentials: Credentials): Record<string, string> {
  if (credentials.kind === 'token') return { 'private-token': credentials.token };
  throw new ActionFailed('ConfigurationError', 'GitLab takes an access token; keep {"token":"…"} in the secret');
}
