import * as z from 'zod/mini';
import { named, type Locked, type LockFileReader } from './lock-file.ts';
import { isFromRepository, otherRegistry } from './registry.ts';

/** `false` where npm has lost it, e.g. for what a package brings along in its own archive. */
const resolvedSchema = z.optional(z.union([z.string(), z.boolean()]));

const packageSchema = z.object({
  name: z.optional(z.string()),
  version: z.optional(z.string()),
  resolved: resolvedSchema,
  link: z.optional(z.boolean()),
});

interface Dependency {
  readonly version: string;
  readonly resolved?: z.infer<typeof resolvedSchema>;
  readonly dependencies?: Readonly<Record<string, Dependency>> | undefined;
}

const dependencySchema: z.ZodMiniType<Dependency> = z.object({
  version: z.string(),
  resolved: resolvedSchema,
  dependencies: z.optional(z.lazy(() => z.record(z.string(), dependencySchema))),
});

const lockSchema = z.object({
  lockfileVersion: z._default(z.int().check(z.minimum(1), z.maximum(3)), 1),
  packages: z.optional(z.record(z.string(), packageSchema)),
  dependencies: z.optional(z.record(z.string(), z.unknown())),
});

/** npm's `package-lock.json` and `npm-shrinkwrap.json`, lock file versions 1 to 3 (npm docs, "package-lock.json"). */
export const packageLock: LockFileReader = {
  isMeant: named('package-lock.json', 'npm-shrinkwrap.json'),
  read(text) {
    const { packages, dependencies } = lockSchema.parse(JSON.parse(text));
    if (packages) return Object.entries(packages).flatMap(([path, entry]) => fromPackages(path, entry));
    return fromDependencies(z.record(z.string(), dependencySchema).parse(dependencies ?? {}));
  },
};

/** The project itself (the empty path), workspaces and links to them are not from the registry. */
function fromPackages(path: string, entry: z.infer<typeof packageSchema>): Locked[] {
  const cut = path.lastIndexOf('node_modules/');
  if (cut < 0 || entry.link) return [];
  const name = entry.name ?? path.slice(cut + 'node_modules/'.length);
  return [npmPackage(name, urlOf(entry.resolved), entry.version)];
}

/** Version 1 is a tree; an alias is `npm:name@version`. */
function fromDependencies(dependencies: Readonly<Record<string, Dependency>>): Locked[] {
  const found: Locked[] = [];
  const open = Object.entries(dependencies);
  for (let next = open.pop(); next; next = open.pop()) {
    const [name, { version, resolved, dependencies: inner = {} }] = next;
    const [, alias, aliased] = /^npm:(.+)@([^@]+)$/.exec(version) ?? [];
    const source = version.includes(':') && alias === undefined ? version : urlOf(resolved);
    found.push(npmPackage(alias ?? name, source, aliased ?? version));
    open.push(...Object.entries(inner));
  }
  return found;
}

function urlOf(resolved: Dependency['resolved']): string {
  return typeof resolved === 'string' ? resolved : '';
}

/** What comes from Git or a file has a version of its own, which says nothing about the registry's. `source` may be a URL. */
export function npmPackage(name: string, source: string, version: string | undefined): Locked {
  const [, kind] = /^(git|git\+[a-z]+|github|gitlab|bitbucket|file|link|workspace)(?=[:@])/.exec(source) ?? [];
  const elsewhere = isFromRepository(source) ? 'git' : kind?.split('+')[0];
  if (elsewhere !== undefined)
    return { ecosystem: 'npm', name, version: undefined, uncheckedBecause: `comes from ${elsewhere}` };
  if (version === undefined || /^https?:/.test(version))
    return { ecosystem: 'npm', name, version: undefined, uncheckedBecause: 'its lock file names no version' };
  const registry = otherRegistry(source);
  return { ecosystem: 'npm', name, version, ...(registry !== undefined && { registry }) };
}
