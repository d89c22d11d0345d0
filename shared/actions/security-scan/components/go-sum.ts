import { named, type LockFileReader } from './lock-file.ts';

/**
 * Go's `go.sum`, and a workspace's `go.work.sum` (Go modules reference, "go.sum files"). Only modules whose content is hashed count: a line for `/go.mod`
 * alone means that a module was looked at, not that it is built. A version that the build has left may still be listed.
 */
export const goSum: LockFileReader = {
  isMeant: named('go.sum', 'go.work.sum'),
  read: (text) =>
    text
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .flatMap((line) => {
        const [module, version, hash, ...more] = line.trim().split(/\s+/);
        if (!module || !version?.startsWith('v') || !hash?.startsWith('h1:') || more.length > 0)
          throw new Error('a line is not "module version hash"');
        return version.endsWith('/go.mod') ? [] : [{ ecosystem: 'Go', name: module, version: version.slice(1) }];
      }),
};
