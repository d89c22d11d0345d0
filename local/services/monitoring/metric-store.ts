import type { JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';

/** A series of values: a namespace, a name, and a value for each dimension. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The same value, seen `count` times, in the period that begins at `atMs`. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
  readonly count: number;
}

/** Metrics and their samples. Every function runs in the open transaction, if there is one. */
export interface MetricStore {
  /** Adds to what was seen in the minute, or second, in which `atMs` lies. */
  add(metric: Metric, sample: Sample, resolutionSeconds: 1 | 60): void;
  /** The samples from `fromMs` on and before `toMs`, oldest first. */
  samples(metric: Metric, fromMs: number, toMs: number): Sample[];
  hasSamplesSince(metric: Metric, fromMs: number): boolean;
  list(): Metric[];
  forgetBefore(atMs: number): void;
}

/** The steps that make the tables of metrics. */
export const metricTables: readonly string[] = [
  `CREATE TABLE monitoring_metrics (id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL,
     dimensions TEXT NOT NULL, UNIQUE (name, namespace, dimensions)) STRICT`,
  `CREATE TABLE monitoring_samples (metric INTEGER NOT NULL, at_ms INTEGER NOT NULL, value REAL NOT NULL,
     count REAL NOT NULL, PRIMARY KEY (metric, at_ms, value)) STRICT, WITHOUT ROWID`,
];

/** A text that is the same for the same metric, whatever the order of its dimensions. */
export function metricKey({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, dimensionsText(dimensions)]);
}

/** Opens the tables of metrics. */
export function openMetricStore(store: Store): MetricStore {
  const find = ({ namespace, name, dimensions }: Metric): number | undefined => {
    const row = store
      .statement('SELECT id FROM monitoring_metrics WHERE name = ? AND namespace = ? AND dimensions = ?')
      .get(name, namespace, dimensionsText(dimensions));
    return typeof row?.['id'] === 'number' ? row['id'] : undefined;
  };
  const make = ({ namespace, name, dimensions }: Metric): number =>
    Number(
      store
        .statement('INSERT INTO monitoring_metrics (namespace, name, dimensions) VALUES (?, ?, ?)')
        .run(namespace, name, dimensionsText(dimensions)).lastInsertRowid,
    );
  /** The ids of series by their keys: a service adds to the same few again and again. */
  const ids = new Map<string, number>();
  const idOf = (metric: Metric): number => {
    const key = metricKey(metric);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = find(metric) ?? make(metric);
    if (ids.size >= maxKnownIds) ids.clear();
    // What is rolled back was not made.
    store.afterCommit(() => ids.set(key, id));
    return id;
  };
  return {
    add(metric, { atMs, value, count }, resolutionSeconds) {
      const periodMs = resolutionSeconds * 1000;
      store
        .statement(
          `INSERT INTO monitoring_samples (metric, at_ms, value, count) VALUES (?, ?, ?, ?)
           ON CONFLICT (metric, at_ms, value) DO UPDATE SET count = count + excluded.count`,
        )
        .run(idOf(metric), Math.floor(atMs / periodMs) * periodMs, value, count);
    },
    samples(metric, fromMs, toMs) {
      const id = find(metric);
      if (id === undefined) return [];
      return store
        .statement('SELECT * FROM monitoring_samples WHERE metric = ? AND at_ms >= ? AND at_ms < ?')
        .all(id, fromMs, toMs)
        .map((row) => ({ atMs: Number(row['at_ms']), value: Number(row['value']), count: Number(row['count']) }));
    },
    hasSamplesSince(metric, fromMs) {
      const id = find(metric);
      if (id === undefined) return false;
      const found = store.statement('SELECT 1 FROM monitoring_samples WHERE metric = ? AND at_ms >= ? LIMIT 1');
      return found.get(id, fromMs) !== undefined;
    },
    list: () =>
      store
        .statement('SELECT * FROM monitoring_metrics ORDER BY namespace, name, dimensions')
        .all()
        .map((row) => ({
          namespace: String(row['namespace']),
          name: String(row['name']),
          // Written only by `make`, from texts.
          dimensions: JSON.parse(String(row['dimensions'])) as Record<string, string>,
        })),
    forgetBefore: (atMs) => void store.statement('DELETE FROM monitoring_samples WHERE at_ms < ?').run(atMs),
  };
}

const maxKnownIds = 10_000;

function dimensionsText(dimensions: Metric['dimensions']): string {
  const sorted = Object.entries(dimensions).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted) satisfies JsonObject);
}
