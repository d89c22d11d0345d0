import { works } from './registry.ts';
import type { SimulationResult } from './simulation.ts';

/** What came of a simulation, as a Markdown table and a line about the time that it took. */
export function tableOf({ entries, problems, recoveryMs }: SimulationResult): string {
  const rows = works.map(({ name }) => {
    const begun = entries.filter(({ work }) => work.name === name);
    const acknowledgedCount = begun.filter(({ isAcknowledged }) => isAcknowledged).length;
    return [name, begun.length, acknowledgedCount, begun.length - acknowledgedCount].join(' | ');
  });
  const sorted = recoveryMs.toSorted((left, right) => left - right);
  const seconds = (ratio: number): string => ((sorted[Math.floor((sorted.length - 1) * ratio)] ?? 0) / 1000).toFixed(1);
  return [
    '| work | begun | acknowledged | in doubt |',
    '|---|---:|---:|---:|',
    ...rows.map((row) => `| ${row} |`),
    '',
    `Problems: ${problems.length}. From the kill until all was finished: median ${seconds(0.5)} s, longest ${seconds(1)} s.`,
  ].join('\n');
}
