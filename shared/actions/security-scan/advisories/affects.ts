import { pypiName, type Component } from '../components/component.ts';
import type { Ecosystem } from '../components/ecosystem.ts';
import { compareSemver, orderOf, type CompareVersions } from '../versions/compare.ts';
import type { Advisory, Affected, VersionRange } from './advisory.ts';

/** Whether an advisory applies to a component; `undecided` if its version, or one of the advisory's, can't be compared. */
export type Verdict = 'affected' | 'unaffected' | 'undecided';

/** Evaluates an advisory for a component by the rules of ossf.github.io/osv-schema/#evaluation. */
export function verdictOf(component: Component, advisory: Advisory): Verdict {
  if (advisory.withdrawn) return 'unaffected';
  return worst(affectedOf(component, advisory).map((affected) => verdictOfAffected(component, affected)));
}

/** What the advisory says of the component's package. */
export function affectedOf(component: Component, { affected }: Advisory): readonly Affected[] {
  return (affected ?? []).filter((entry) => entry.package && isSamePackage(component, entry.package));
}

/** The versions that an advisory calls fixed and that lie behind the component's, in their order. */
export function fixedVersions(component: Component, advisory: Advisory): string[] {
  const { ecosystem, version = '' } = component;
  if (!ecosystem) return [];
  const compare = orderOf(ecosystem);
  const fixed = affectedOf(component, advisory)
    .flatMap(({ ranges }) => ranges ?? [])
    .filter(({ type }) => type !== 'GIT')
    .flatMap(({ events }) => events.flatMap((event) => event.fixed ?? []));
  return [...new Set(fixed)]
    .filter((candidate) => (compare(candidate, version) ?? 1) > 0)
    .sort((left, right) => compare(left, right) ?? 0);
}

/** An ecosystem may carry a suffix, e.g. of a repository (`Maven:https://…`). */
export function ecosystemIn(written: string): string {
  return written.split(':')[0] ?? '';
}

function isSamePackage(component: Component, named: { readonly ecosystem: string; readonly name: string }): boolean {
  if (ecosystemIn(named.ecosystem) !== component.ecosystem) return false;
  return nameIn(component.ecosystem, named.name) === nameIn(component.ecosystem, component.name);
}

/** A package's name in the form that is compared: NuGet's names have no case, and package URLs of Go's modules lose it. */
export function nameIn(ecosystem: string, name: string): string {
  if (ecosystem === 'PyPI') return pypiName(name);
  return ecosystem === 'NuGet' || ecosystem === 'Go' ? name.toLowerCase() : name;
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('affected')) return 'affected';
  return verdicts.includes('undecided') ? 'undecided' : 'unaffected';
}

function verdictOfAffected({ ecosystem, version }: Component, { versions, ranges }: Affected): Verdict {
  if (!ecosystem || version === undefined) return 'undecided';
  if (versions?.some((listed) => isSameVersion(ecosystem, listed, version))) return 'affected';
  const comparable = (ranges ?? []).filter(({ type }) => type === 'SEMVER' || type === 'ECOSYSTEM');
  // Commits alone say nothing about a version.
  if (comparable.length === 0) return versions?.length ? 'unaffected' : 'undecided';
  return worst(comparable.map((range) => verdictOfRange(ecosystem, version, range)));
}

function isSameVersion(ecosystem: Ecosystem, listed: string, version: string): boolean {
  return listed === version || orderOf(ecosystem)(listed, version) === 0;
}

type RangeEvent = VersionRange['events'][number];

function verdictOfRange(ecosystem: Ecosystem, version: string, { type, events }: VersionRange): Verdict {
  const compare = type === 'SEMVER' ? compareSemver : orderOf(ecosystem);
  const isReadable = (candidate: string): boolean => compare(candidate, candidate) !== undefined;
  const points = events.flatMap((event) => pointOf(event) ?? []);
  if (!isReadable(version) || !points.every((point) => isAlways(point) || isReadable(point))) return 'undecided';
  return isWithin(version, events, (left, right) => compareKnown(compare, left, right)) ? 'affected' : 'unaffected';
}

/** The last event at or before the version decides: `introduced` begins, `fixed` and `last_affected` end. */
function isWithin(
  version: string,
  events: readonly RangeEvent[],
  compare: (left: string, right: string) => number,
): boolean {
  const limits = events.flatMap(({ limit }) => limit ?? []);
  if (limits.length > 0 && !limits.some((limit) => limit === '*' || compare(version, limit) < 0)) return false;
  const sorted = events
    .filter(({ limit }) => limit === undefined)
    .toSorted((left, right) => compare(pointOf(left) ?? '0', pointOf(right) ?? '0'));
  let isVulnerable = false;
  for (const { introduced, fixed, last_affected: last } of sorted) {
    if (introduced !== undefined && (introduced === '0' || compare(version, introduced) >= 0)) isVulnerable = true;
    if (fixed !== undefined && compare(version, fixed) >= 0) isVulnerable = false;
    if (last !== undefined && compare(version, last) > 0) isVulnerable = false;
  }
  return isVulnerable;
}

function pointOf({ introduced, fixed, last_affected: last, limit }: RangeEvent): string | undefined {
  return introduced ?? fixed ?? last ?? limit;
}

/** `0` stands before every version, `*` behind. */
function isAlways(point: string): boolean {
  return point === '0' || point === '*';
}

function compareKnown(compare: CompareVersions, left: string, right: string): number {
  if (left === right) return 0;
  if (left === '0' || right === '*') return -1;
  if (right === '0' || left === '*') return 1;
  return compare(left, right) ?? 0;
}
