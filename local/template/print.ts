import type { Outcome } from './outcome.ts';

const words: readonly (readonly [Outcome['did'], string])[] = [
  ['create', 'created'],
  ['update', 'changed'],
  ['replace', 'replaced'],
  ['delete', 'deleted'],
  ['kept', 'kept by policy'],
  ['unchanged', 'unchanged'],
];

/** More than this many logical ids are counted, not named. */
const namedAtMost = 6;

/** What an apply did, for the person at the laptop: one line a stack, and one for what is only recorded. */
export function printOutcomes(outcomes: readonly Outcome[]): string[] {
  const stacks = [...new Set(outcomes.map(({ stackName }) => stackName))];
  const lines = stacks.map((stackName) => {
    const own = outcomes.filter((outcome) => outcome.stackName === stackName);
    return `stack ${stackName}: ${summarize(own)}`;
  });
  const recorded = countTypes(outcomes.filter(({ recordedOnly, did }) => recordedOnly && did !== 'delete'));
  return recorded ? [...lines, `recorded only (no behaviour locally): ${recorded}`] : lines;
}

function summarize(outcomes: readonly Outcome[]): string {
  const parts = words.flatMap(([did, word]) => {
    const ids = outcomes.filter((outcome) => outcome.did === did).map(({ logicalId }) => logicalId);
    if (ids.length === 0) return [];
    const isQuiet = did === 'unchanged' || ids.length > namedAtMost;
    return [isQuiet ? `${ids.length} ${word}` : `${ids.length} ${word} (${ids.join(', ')})`];
  });
  return parts.join(', ') || 'empty';
}

function countTypes(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { type, because } of outcomes) {
    const shown = because === undefined ? type : `${type} (${because})`;
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([type, count]) => (count > 1 ? `${type} x${count}` : type))
    .join(', ');
}
