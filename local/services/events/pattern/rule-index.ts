import type { Json } from '../../../json.ts';
import type { Alternative, CompiledPattern } from './compile.ts';
import type { Occurrence } from './flatten.ts';
import { fitsAlternative } from './match.ts';
import type { Leaf, Matcher } from './matchers.ts';
import { flattenAt, pathTree, type PlacedLeaves } from './path-tree.ts';

/** Many patterns, each with what it stands for, ready for many events. */
export interface RuleIndex<Rule> {
  /** What stands for the patterns that an event fits, in the order in which they were given. */
  matching(event: Json): Rule[];
}

/** One alternative of a pattern, and the place of its rule. */
interface Candidate {
  readonly rule: number;
  readonly fields: readonly Field[];
  readonly alternative: Alternative;
}

/** One field of an alternative, its path by its place in the list of all paths. */
interface Field {
  readonly path: string;
  readonly place: number;
  readonly matchers: readonly Matcher[];
  readonly mayBeAbsent: boolean;
  /** The values that the field may have; undefined if something else also fits it. */
  readonly exact: ReadonlySet<Leaf> | undefined;
}

/** Alternatives, divided by the values that an event must have at some paths. */
interface Division {
  readonly anchors: readonly { readonly place: number; readonly byValue: ReadonlyMap<Leaf, Division> }[];
  /** Those that are matched in any case. */
  readonly others: readonly Candidate[];
}

/** A smaller division is matched one by one. */
const smallCount = 8;
/** An alternative stands once for each of its values, at each of so many paths at most. */
const maximumDepth = 3;

/**
 * Builds the index. Each alternative is found by the one field of exact values that fewest others ask for (of source,
 * detail-type and a pipeline's name, the name), what is found so by the next such field, and only then matched; one
 * without exact values is matched every time.
 */
export function indexRules<Rule>(rules: readonly { pattern: CompiledPattern; rule: Rule }[]): RuleIndex<Rule> {
  const paths = [
    ...new Set(rules.flatMap(({ pattern }) => pattern.alternatives.flatMap((alternative) => [...alternative.keys()]))),
  ];
  const places = new Map(paths.map((path, place) => [path, place]));
  const all = rules.flatMap(({ pattern }, rule) =>
    pattern.alternatives.map((alternative) => ({ rule, alternative, fields: fieldsOf(alternative, places) })),
  );
  const tree = pathTree(paths);
  const division = divide(all, new Set());
  return {
    matching(event) {
      const found = new Set<number>();
      search(division, flattenAt(event, tree), found);
      const order = found.size > 1 ? [...found].toSorted((left, right) => left - right) : [...found];
      return order.flatMap((place) => rules[place]?.rule ?? []);
    },
  };
}

function search({ anchors, others }: Division, flat: PlacedLeaves, found: Set<number>): void {
  for (const { place, byValue } of anchors) {
    for (const { leaf } of flat[place] ?? []) {
      const division = byValue.get(leaf);
      if (division) search(division, flat, found);
    }
  }
  for (const candidate of others) {
    if (!found.has(candidate.rule) && fits(candidate, flat)) found.add(candidate.rule);
  }
}

/** `fitsAlternative`, which is only asked where a field lies in an array. */
function fits({ alternative, fields }: Candidate, flat: PlacedLeaves): boolean {
  let isInArray = false;
  for (const { place, matchers, mayBeAbsent } of fields) {
    const occurrences = flat[place];
    const first = occurrences?.[0];
    if (!occurrences || !first) {
      if (!mayBeAbsent) return false;
    } else if (occurrences.length > 1 || first.elements.size > 0) isInArray = true;
    else if (!fitsOne(matchers, first.leaf)) return false;
  }
  if (!isInArray) return true;
  return fitsAlternative(
    alternative,
    new Map(fields.map(({ path, place }): [string, readonly Occurrence[]] => [path, flat[place] ?? []])),
  );
}

function fitsOne(matchers: readonly Matcher[], leaf: Leaf): boolean {
  for (const matcher of matchers) if (matcher.kind === 'leaf' && matcher.fits(leaf)) return true;
  return false;
}

function fieldsOf(alternative: Alternative, places: ReadonlyMap<string, number>): Field[] {
  return [...alternative].map(([path, matchers]) => ({
    path,
    place: places.get(path) ?? -1, // every path has a place
    matchers,
    mayBeAbsent: matchers.some(({ kind }) => kind === 'absent'),
    exact: exactValues(matchers),
  }));
}

function exactValues(matchers: readonly Matcher[]): ReadonlySet<Leaf> | undefined {
  const values = new Set<Leaf>();
  for (const matcher of matchers) {
    if (matcher.kind !== 'leaf' || matcher.exact === undefined) return undefined;
    values.add(matcher.exact);
  }
  return values;
}

function divide(all: readonly Candidate[], usedPlaces: ReadonlySet<number>): Division {
  const uses = countUses(all);
  const groups = new Map<number, Map<Leaf, Candidate[]>>();
  const others: Candidate[] = [];
  for (const candidate of all) {
    const anchor = rarest(candidate.fields, usedPlaces, uses);
    if (!anchor?.exact) {
      others.push(candidate);
      continue;
    }
    const byValue = groups.get(anchor.place) ?? new Map<Leaf, Candidate[]>();
    groups.set(anchor.place, byValue);
    for (const value of anchor.exact) push(byValue, value, candidate);
  }
  const anchors = [...groups].map(([place, byValue]) => {
    const used = new Set([...usedPlaces, place]);
    const below = [...byValue].map(([value, group]): [Leaf, Division] => [value, divideLarge(group, used)]);
    return { place, byValue: new Map(below) };
  });
  return { anchors, others };
}

function divideLarge(group: readonly Candidate[], usedPlaces: ReadonlySet<number>): Division {
  if (group.length <= smallCount || usedPlaces.size >= maximumDepth) return { anchors: [], others: group };
  return divide(group, usedPlaces);
}

/** How many alternatives ask for a value at a place. */
type Uses = ReadonlyMap<number, ReadonlyMap<Leaf, number>>;

function countUses(all: readonly Candidate[]): Uses {
  const uses = new Map<number, Map<Leaf, number>>();
  for (const { fields } of all) {
    for (const { place, exact } of fields) {
      const counts = uses.get(place) ?? new Map<Leaf, number>();
      uses.set(place, counts);
      for (const value of exact ?? []) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return uses;
}

function rarest(fields: readonly Field[], usedPlaces: ReadonlySet<number>, uses: Uses): Field | undefined {
  let best: { field: Field; useCount: number } | undefined;
  for (const field of fields) {
    if (!field.exact || usedPlaces.has(field.place)) continue;
    const counts = uses.get(field.place);
    const useCount = [...field.exact].reduce((sum: number, value) => sum + (counts?.get(value) ?? 0), 0);
    if (!best || useCount < best.useCount) best = { field, useCount };
  }
  return best?.field;
}

function push(byValue: Map<Leaf, Candidate[]>, value: Leaf, candidate: Candidate): void {
  const known = byValue.get(value);
  if (known) known.push(candidate);
  else byValue.set(value, [candidate]);
}
