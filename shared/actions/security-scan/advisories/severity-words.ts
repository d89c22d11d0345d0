import { severities, type Severity } from '../declaration.ts';

/** The worst of some severities; unknown only if nothing else is known. */
export function worstSeverity(of: readonly Severity[]): Severity {
  return severities.find((severity) => of.includes(severity)) ?? 'unknown';
}

/** The words that databases use for the same scale. */
export function severityOfWord(word: unknown): Severity | undefined {
  return typeof word === 'string' ? byWord.get(word.toLowerCase()) : undefined;
}

const byWord = new Map<string, Severity>([
  ['critical', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['moderate', 'medium'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['negligible', 'info'],
  ['informational', 'info'],
  ['none', 'info'],
]);
