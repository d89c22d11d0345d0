import { parse } from 'smol-toml';
import * as z from 'zod/mini';
import { named, type Locked, type LockFileReader } from './lock-file.ts';
import { otherRegistry } from './registry.ts';

const lockSchema = z.object({
  package: z._default(z.array(z.object({ name: z.string(), version: z.string(), source: z.optional(z.string()) })), []),
});

/** Rust's `Cargo.lock`; a package without a source is the workspace's own. */
export const cargoLock: LockFileReader = {
  isMeant: named('Cargo.lock'),
  read: (text) =>
    lockSchema.parse(parse(text)).package.flatMap(({ name, version, source }): Locked[] => {
      if (source === undefined) return [];
      const [, url] = /^(?:registry|sparse)\+(.*)$/.exec(source) ?? [];
      if (url === undefined)
        return [{ ecosystem: 'crates.io', name, version: undefined, uncheckedBecause: 'comes from git' }];
      const registry = otherRegistry(url);
      return [{ ecosystem: 'crates.io', name, version, ...(registry !== undefined && { registry }) }];
    }),
};
