import { PackageURL } from 'packageurl-js';
import { ecosystemOf, purlTypes, type Ecosystem } from './ecosystem.ts';

/** A package that the source uses. */
export interface Component {
  /** Undefined for a kind of package that no advisory is looked up for. */
  readonly ecosystem: Ecosystem | undefined;
  /** As the ecosystem's advisories spell it: `@scope/name`, `group:artifact`, a module's path. */
  readonly name: string;
  /** Undefined if it is not known, or no version of the registry. */
  readonly version: string | undefined;
  /** The file that names it, a path in the artifact. */
  readonly foundIn: string;
  /** Why no advisory can be looked up for it. */
  readonly uncheckedBecause?: string;
  /** The host that it comes from, if its lock file names one that is not the public registry. */
  readonly registry?: string;
}

/** The component's package URL; undefined if it is of no known ecosystem, or its name or version fits none. */
export function purlOf({ ecosystem, name, version }: Component): string | undefined {
  if (!ecosystem) return undefined;
  const separator = ecosystem === 'Maven' ? ':' : '/';
  const cut = ecosystem === 'PyPI' || ecosystem === 'crates.io' ? -1 : name.lastIndexOf(separator);
  const namespace = cut > 0 ? name.slice(0, cut) : undefined;
  const written = ecosystem === 'Go' && version !== undefined ? `v${version}` : version;
  try {
    return new PackageURL(purlTypes[ecosystem], namespace, name.slice(cut + 1), written).toString();
  } catch {
    return undefined;
  }
}

/** Reads a package URL; `ecosystem` is undefined for a type that no advisory is looked up for, all if it is none. */
export function readPurl(purl: string): Pick<Component, 'ecosystem' | 'name' | 'version'> | undefined {
  let read: PackageURL;
  try {
    read = PackageURL.fromString(purl);
  } catch {
    return undefined;
  }
  const { type, namespace, name, version } = read;
  const known = ecosystemOf(type);
  const full = namespace ? `${namespace}${known === 'Maven' ? ':' : '/'}${name}` : name;
  return {
    ecosystem: known,
    name: known === 'PyPI' ? pypiName(full) : full,
    version: known === 'Go' ? version?.replace(/^v/, '') : (version ?? undefined),
  };
}

/** A Python project's name in the form that is compared (PEP 503). */
export function pypiName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/** How people write a component. */
export function spell({ name, version }: Component): string {
  return version === undefined ? name : `${name}@${version}`;
}

/** Each package once, where it was found first. */
export function distinct(components: readonly Component[]): Component[] {
  const byKey = new Map<string, Component>();
  for (const component of components) {
    const key = [component.ecosystem, component.name, component.version].join('\0');
    if (!byKey.has(key)) byKey.set(key, component);
  }
  return [...byKey.values()];
}
