import type { Alternative, CompiledPattern } from './compile.ts';
import type { FlatEvent, Occurrence } from './flatten.ts';
import type { Matcher } from './matchers.ts';

/** Whether an event fits a pattern. Two fields below one array must come from the same element of it. */
export function matchesPattern(pattern: CompiledPattern, event: FlatEvent): boolean {
  return pattern.alternatives.some((alternative) => fitsAlternative(alternative, event));
}

/** Whether an event fits one alternative of a pattern. */
export function fitsAlternative(alternative: Alternative, event: FlatEvent): boolean {
  const candidates: (readonly Occurrence[])[] = [];
  for (const [path, matchers] of alternative) {
    const occurrences = event.get(path) ?? [];
    const fitting = fittingOccurrences(matchers, occurrences);
    if (fitting.some(({ elements }) => elements.size > 0)) candidates.push(fitting);
    else if (fitting.length > 0) continue;
    else if (occurrences.length > 0 || !matchers.some(({ kind }) => kind === 'absent')) return false;
  }
  return haveConsistentChoice(candidates, 0, new Map());
}

function fittingOccurrences(matchers: readonly Matcher[], occurrences: readonly Occurrence[]): Occurrence[] {
  return occurrences.filter(({ leaf }) => matchers.some((matcher) => matcher.kind === 'leaf' && matcher.fits(leaf)));
}

function haveConsistentChoice(
  candidates: readonly (readonly Occurrence[])[],
  from: number,
  chosen: ReadonlyMap<number, number>,
): boolean {
  const options = candidates[from];
  if (!options) return true;
  return options.some((option) => {
    if (option.elements.size === 0) return haveConsistentChoice(candidates, from + 1, chosen);
    const agrees = [...option.elements].every(([array, index]) => (chosen.get(array) ?? index) === index);
    return agrees && haveConsistentChoice(candidates, from + 1, new Map([...chosen, ...option.elements]));
  });
}
