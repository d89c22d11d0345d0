const publicHosts: readonly string[] = [
  ...['registry.npmjs.org', 'registry.yarnpkg.com', 'pypi.org', 'files.pythonhosted.org', 'index.crates.io'],
];
const publicCrates = 'https://github.com/rust-lang/crates.io-index';
const codeHosts: readonly string[] = ['codeload.github.com', 'github.com', 'gitlab.com', 'bitbucket.org'];

/**
 * The host that a package comes from, if it is not its ecosystem's public registry: perhaps a mirror of it, perhaps a
 * registry of one's own. Nothing else of the URL is kept, which may hold credentials.
 */
export function otherRegistry(url: string | undefined): string | undefined {
  const host = hostOf(url);
  return host === undefined || publicHosts.includes(host) || url === publicCrates ? undefined : host;
}

/** Whether a package is an archive of a repository: the version in it says nothing about the registry's. */
export function isRepositoryArchive(url: string): boolean {
  return codeHosts.includes(hostOf(url) ?? '');
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:/.test(url) && URL.canParse(url) ? new URL(url).host : undefined;
}
