import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import { compareMaven } from './maven.ts';
import type { Order } from './order.ts';
import { comparePep440 } from './pep440.ts';

/** The package registries whose versions can be compared, by OSV's names. */
export const ecosystems = ['npm', 'PyPI', 'Go', 'crates.io', 'Maven'] as const;

/** One of `ecosystems`. */
export type Ecosystem = (typeof ecosystems)[number];

/** Orders two versions, undefined if one of them is none. */
export type CompareVersions = (left: string, right: string) => Order | undefined;

/** Orders versions by Semantic Versioning 2.0; a leading `v` is left out, build metadata does not count. */
export const compareSemver: CompareVersions = (left, right) => {
  const [a, b] = [parse(left), parse(right)];
  return a && b ? compare(a, b) : undefined;
};

/** How the versions of an ecosystem are ordered (OSV schema, "affected[].ranges[].type", type ECOSYSTEM). */
export const comparators: Readonly<Record<Ecosystem, CompareVersions>> = {
  npm: compareSemver,
  Go: compareSemver,
  'crates.io': compareSemver,
  PyPI: comparePep440,
  Maven: compareMaven,
};

/** Whether a version is one that its ecosystem can order. */
export function isComparable(ecosystem: Ecosystem, version: string): boolean {
  return comparators[ecosystem](version, version) !== undefined;
}
