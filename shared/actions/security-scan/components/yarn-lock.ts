import { parseSyml } from '@yarnpkg/parsers';
import * as z from 'zod/mini';
import { named, type Locked, type LockFileReader } from './lock-file.ts';
import { npmPackage } from './package-lock.ts';
import { yamlDocuments } from './pnpm-lock.ts';

/** Yarn's `yarn.lock`: its own format up to version 1, YAML from version 2 on. */
export const yarnLock: LockFileReader = {
  isMeant: named('yarn.lock'),
  read: (text) => (/^__metadata:/m.test(text) ? readBerry(text) : readClassic(text)),
};

const entrySchema = z.object({ version: z.string(), resolution: z.string() });

/** `resolution` is `name@npm:1.2.3`, or of another protocol; a patch holds what it patches. */
function readBerry(text: string): Locked[] {
  const [document] = yamlDocuments(text);
  return Object.entries(z.record(z.string(), z.unknown()).parse(document)).flatMap(([key, value]) => {
    if (key === '__metadata') return [];
    const { resolution, version } = entrySchema.parse(value);
    const [, name, protocol] = /^(@[^/]+\/[^@]+|[^@]+)@([a-z+]+):/.exec(resolution) ?? [];
    if (protocol === 'workspace') return [];
    if (name !== undefined && (protocol === 'npm' || protocol === 'patch'))
      return [npmPackage(name, archiveUrl(resolution), version)];
    return [
      { ...npmPackage(name ?? 'a package by address', '', undefined), uncheckedBecause: 'comes from no registry' },
    ];
  });
}

/** A registry whose archives lie elsewhere than usual is written behind the version. */
function archiveUrl(resolution: string): string {
  return new URLSearchParams(resolution.split('::')[1]).get('__archiveUrl') ?? '';
}

const classicSchema = z.record(z.string(), z.object({ version: z.string(), resolved: z.optional(z.string()) }));

/** A key is `name@range`; several that were locked to one version hold the same entry. */
function readClassic(text: string): Locked[] {
  if (!/^# yarn lockfile v1$/m.test(text)) throw new Error('it names no version of the lock file');
  return Object.entries(classicSchema.parse(parseSyml(text))).map(([key, { version, resolved = '' }]) => {
    const [, name, range] = /^(@[^/]+\/[^@]+|[^@]+)@(.*)$/.exec(key) ?? [];
    if (name === undefined || range === undefined) throw new Error('an entry does not begin with name@range');
    const alias = /^npm:(@[^/]+\/[^@]+|[^@]+)@/.exec(range)?.[1];
    return npmPackage(alias ?? name, resolved || range, version);
  });
}
