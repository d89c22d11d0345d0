/** One question that is answered by measuring: a file of its own and a line in the registry. */
export interface Bench {
  /** What `npm run bench NAME` takes; the file's name. */
  readonly name: string;
  readonly question: string;
  run(): Promise<Table>;
}

/** What a bench prints. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** How it was measured, and what a column means that its name does not say. */
  readonly notes: readonly string[];
}

/** The middle value; of an even count the lower of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** The smallest value that `ratio` (0 to 1) of the values do not exceed. */
export function percentile(values: readonly number[], ratio: number): number {
  return values.toSorted((left, right) => left - right)[Math.ceil(values.length * ratio) - 1] ?? Number.NaN;
}

/** A table as text: the first column to the left, the others to the right. */
export function render({ columns, rows, notes }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const [head = '', ...body] = lines.map((line) => line.map(pad).join('  ').trimEnd());
  return [head, '-'.repeat(head.length), ...body, '', ...notes].join('\n');
}
