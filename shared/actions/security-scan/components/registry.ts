const publicHosts: readonly string[] = [
  ...['registry.npmjs.org', 'registry.yarnpkg.com', 'pypi.org', 'files.pythonhosted.org', 'index.crates.io'],
];
const publicCrates = 'https://github.com/rust-lang/crates.io-index';

/** Hosts of repositories; GitLab's is one of packages, too. */
const codeHosts: readonly string[] = ['github.com', 'gitlab.com', 'bitbucket.org'];
const packagePath = /^\/api\/v4\/(.+\/)?packages\/npm\//;
/** Of an archive or a release, as GitHub, GitLab and Bitbucket spell it, or, as classic Yarn writes it, of a repository. */
const repositoryPath =
  /\/(archive|tarball|get|releases\/download)\/|\/repository\/([^/]+\/)?archive\b|\.git$|^\/[^/]+\/[^/]+\/?$/;

/**
 * The host that a package comes from, if it is not its ecosystem's public registry: perhaps a mirror of it, perhaps a
 * registry of one's own. Nothing else of the URL is kept, which may hold credentials.
 */
export function otherRegistry(url: string | undefined): string | undefined {
  const host = hostOf(url);
  return host === undefined || publicHosts.includes(host) || url === publicCrates ? undefined : host;
}

/** Whether a package is a repository, or an archive of one: the version in it says nothing about the registry's. */
export function isFromRepository(url: string): boolean {
  const host = hostOf(url);
  if (host === undefined || !codeHosts.includes(host)) return host === 'codeload.github.com';
  const { pathname } = new URL(url);
  return !packagePath.test(pathname) && repositoryPath.test(pathname);
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:/.test(url) && URL.canParse(url) ? new URL(url).host : undefined;
}
