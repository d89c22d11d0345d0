import { cpus } from 'node:os';

/** What the figures were measured on. */
export function machine(): string {
  const cores = cpus();
  return `${cores.length} cores of ${cores[0]?.model ?? 'unknown'}, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}

/** Prints rows under a heading, columns aligned; the first column is text, the others are figures. */
export function printTable(heading: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${heading}`);
  for (const row of all) {
    console.log(
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`,
    );
  }
}

/** The middle of a series of measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
