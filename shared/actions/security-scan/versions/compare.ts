import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import type { Ecosystem } from '../components/ecosystem.ts';
import { compareMaven } from './maven.ts';
import type { Order } from './order.ts';
import { comparePep440 } from './pep440.ts';

/** Orders two versions, undefined if one of them is none. */
export type CompareVersions = (left: string, right: string) => Order | undefined;

/** Orders versions by Semantic Versioning 2.0; a leading `v` is left out, build metadata does not count. */
export const compareSemver: CompareVersions = (left, right) => {
  const [a, b] = [parse(left), parse(right)];
  return a && b ? compare(a, b) : undefined;
};

/** How the versions of an ecosystem are ordered (OSV schema, "affected[].ranges[].type", type ECOSYSTEM), where it is known here. */
export const comparators: Readonly<Partial<Record<Ecosystem, CompareVersions>>> = {
  npm: compareSemver,
  Go: compareSemver,
  'crates.io': compareSemver,
  Hex: compareSemver,
  SwiftURL: compareSemver,
  PyPI: comparePep440,
  Maven: compareMaven,
};

/** The order of an ecosystem; one that is not known here orders nothing. */
export function orderOf(ecosystem: Ecosystem): CompareVersions {
  return comparators[ecosystem] ?? (() => undefined);
}

/**
 * Whether OSV's API can be asked for a version. One that its ecosystem's order can't place would be in no range, which is no
 * all-clear; where no order is known here, the API decides.
 */
export function canBeAsked(ecosystem: Ecosystem, version: string): boolean {
  const compare = comparators[ecosystem];
  return compare ? compare(version, version) !== undefined : looksLikeVersion.test(version);
}

/** Not a branch (Composer's `dev-main`, `2.x-dev`), a range or a variable. */
const looksLikeVersion = /^v?\d(?!.*-dev$)[^\s*${}]*$/;
