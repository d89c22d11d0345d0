import { parseAllDocuments } from 'yaml';
import * as z from 'zod/mini';
import { named, type Locked, type LockFileReader } from './lock-file.ts';
import { npmPackage } from './package-lock.ts';

const lockSchema = z.object({
  lockfileVersion: z.union([z.string(), z.number()]),
  packages: z.nullish(
    z.record(
      z.string(),
      z.object({
        name: z.optional(z.string()),
        version: z.optional(z.string()),
        resolution: z.optional(z.object({ tarball: z.optional(z.string()) })),
      }),
    ),
  ),
});

/**
 * pnpm's `pnpm-lock.yaml`, lock file versions 5 (`/name/1.2.3_peer`), 6 (`/name@1.2.3(peer)`) and 9 (`name@1.2.3`), as
 * pnpm/spec describes them.
 */
export const pnpmLock: LockFileReader = {
  isMeant: named('pnpm-lock.yaml'),
  read: (text) =>
    yamlDocuments(text).flatMap((document) => {
      const { packages } = lockSchema.parse(document);
      return Object.entries(packages ?? {}).map(([key, entry]) => fromKey(key, entry));
    }),
};

function fromKey(key: string, entry: NonNullable<z.infer<typeof lockSchema>['packages']>[string]): Locked {
  const plain = key.replace(/^\//, '').replace(/\(.*$/s, '');
  const [, name, version] =
    /^(@[^/@]+\/[^/@]+|[^/@]+)@(.+)$/.exec(plain) ?? /^(@[^/]+\/[^/]+|[^/@]+)\/(\d[^/_]*)(?:_.*)?$/.exec(plain) ?? [];
  // A package from elsewhere than the registry: its key is a URL or a folder.
  if (name === undefined || version === undefined || version.includes(':') || version.includes('/'))
    return {
      ...npmPackage(entry.name ?? name ?? 'a package by address', '', undefined),
      uncheckedBecause: 'comes from no registry',
    };
  return npmPackage(name, entry.resolution?.tarball ?? '', version);
}

/**
 * The documents of a YAML file as plain data; aliases are bounded by the parser.
 * @throws Error if one is not well formed
 */
export function yamlDocuments(text: string): unknown[] {
  return [...parseAllDocuments(text, { prettyErrors: false })].map((document) => {
    const [problem] = document.errors;
    if (problem) throw new Error(`no YAML: ${problem.code}`);
    return document.toJS();
  });
}
