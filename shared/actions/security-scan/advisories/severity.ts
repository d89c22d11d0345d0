import type { Severity } from '../declaration.ts';
import type { Component } from '../components/component.ts';
import type { Advisory } from './advisory.ts';
import { affectedOf } from './affects.ts';
import { baseScore } from './cvss.ts';
import { severityOfWord, worstSeverity } from './severity-words.ts';

/**
 * How bad an advisory is for a component: by its CVSS base score (4, else 3, else 2), else by the word that its database gives
 * (`database_specific.severity`, as GitHub's does), else unknown. A malicious package is critical; what RustSec calls
 * informational is low.
 */
export function severityOf(component: Component, advisory: Advisory): Severity {
  if (advisory.id.startsWith('MAL-')) return 'critical';
  const affected = affectedOf(component, advisory);
  const given = [...affected.flatMap(({ severity }) => severity ?? []), ...(advisory.severity ?? [])];
  const scores = (type: string): number[] =>
    given.filter((severity) => severity.type === type).flatMap(({ score }) => baseScore(score) ?? []);
  const [score] = [scores('CVSS_V4'), scores('CVSS_V3'), scores('CVSS_V2')].flatMap((found) =>
    found.length > 0 ? [Math.max(...found)] : [],
  );
  if (score !== undefined) return severityOfScore(score);
  const specific = [...affected.map((entry) => entry.database_specific), advisory.database_specific];
  const words = specific.flatMap((entry) => severityOfWord(entry?.['severity']) ?? []);
  if (words.length > 0) return worstSeverity(words);
  return specific.some((entry) => typeof entry?.['informational'] === 'string') ? 'low' : 'unknown';
}

/** CVSS's qualitative scale (3.1, section 5). */
function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}
