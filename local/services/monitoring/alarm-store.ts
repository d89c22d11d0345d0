import type { PutCompositeAlarmInput, PutMetricAlarmInput, StateValue } from '@aws-sdk/client-cloudwatch';
import type { Store } from '../../store/store.ts';

/** What a person decides about an alarm, in the API's words; plain JSON. */
export type AlarmDefinition =
  | { readonly kind: 'metric'; readonly input: PutMetricAlarmInput }
  | { readonly kind: 'composite'; readonly input: PutCompositeAlarmInput };

/** The state of an alarm and how it came about. */
export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON text. */
  readonly reasonData: string | undefined;
  /** When the state, or its reason, was last written. */
  readonly updatedAtMs: number;
  /** When the value last became another. */
  readonly changedAtMs: number;
}

/** An alarm as it is stored. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly definition: AlarmDefinition;
  readonly configuredAtMs: number;
  readonly state: AlarmState;
  /** When it will be evaluated; undefined while nothing can change it. */
  readonly nextEvaluationMs: number | undefined;
}

/** One entry of an alarm's history. */
export interface HistoryItem {
  readonly alarm: string;
  readonly alarmType: 'MetricAlarm' | 'CompositeAlarm';
  readonly atMs: number;
  readonly kind: 'StateUpdate' | 'Action' | 'ConfigurationUpdate';
  readonly summary: string;
  /** JSON text. */
  readonly data: string;
}

/** The alarms of one account and their history. */
export interface AlarmStore {
  find(name: string): Alarm | undefined;
  list(): Alarm[];
  /** Makes or changes an alarm; a new one begins as INSUFFICIENT_DATA, a changed one keeps its state. */
  save(name: string, definition: AlarmDefinition, nowMs: number): Alarm;
  setState(name: string, state: AlarmState): void;
  setNextEvaluation(name: string, atMs: number | undefined): void;
  delete(name: string): void;
  addHistory(item: HistoryItem): void;
  /** Newest first. */
  history(): HistoryItem[];
  /** Counts up whenever an alarm is made, changed or deleted. */
  readonly revision: number;
}

/** The steps that make the tables of alarms. */
export const alarmTables: readonly string[] = [
  `CREATE TABLE monitoring_alarms (name TEXT PRIMARY KEY, definition TEXT NOT NULL, configured_at_ms INTEGER NOT NULL,
     state TEXT NOT NULL, next_evaluation_ms INTEGER) STRICT`,
  `CREATE TABLE monitoring_history (id INTEGER PRIMARY KEY, item TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT`,
];

/** CloudWatch keeps an alarm's history for 30 days. */
const historyMs = 30 * 86_400_000;

/** Opens the tables of alarms. */
export function openAlarmStore(store: Store, place: { account: string; region: string }): AlarmStore {
  let revision = 0;
  const alarmOf = (row: Record<string, unknown>): Alarm => toAlarm(row, place);
  const alarms: AlarmStore = {
    find(name) {
      const row = store.statement('SELECT * FROM monitoring_alarms WHERE name = ?').get(name);
      return row && alarmOf(row);
    },
    list: () =>
      store
        .statement('SELECT * FROM monitoring_alarms ORDER BY name')
        .all()
        .map((row) => alarmOf(row)),
    save(name, definition, nowMs) {
      store
        .statement(
          `INSERT INTO monitoring_alarms (name, definition, configured_at_ms, state) VALUES (?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, configured_at_ms = excluded.configured_at_ms`,
        )
        .run(name, JSON.stringify(definition), nowMs, JSON.stringify(newState(nowMs)));
      revision += 1;
      return alarms.find(name) as Alarm; // it was written just now
    },
    setState: (name, state) =>
      void store.statement('UPDATE monitoring_alarms SET state = ? WHERE name = ?').run(JSON.stringify(state), name),
    setNextEvaluation: (name, atMs) =>
      void store
        .statement('UPDATE monitoring_alarms SET next_evaluation_ms = ? WHERE name = ?')
        .run(atMs ?? null, name),
    delete(name) {
      store.statement('DELETE FROM monitoring_alarms WHERE name = ?').run(name);
      revision += 1;
    },
    addHistory(item) {
      store
        .statement('INSERT INTO monitoring_history (item, at_ms) VALUES (?, ?)')
        .run(JSON.stringify(item), item.atMs);
      store.statement('DELETE FROM monitoring_history WHERE at_ms < ?').run(item.atMs - historyMs);
    },
    history: () =>
      store
        .statement('SELECT item FROM monitoring_history ORDER BY id DESC')
        .all()
        // Written only by addHistory.
        .map((row) => JSON.parse(String(row['item'])) as HistoryItem),
    get revision() {
      return revision;
    },
  };
  return alarms;
}

function newState(nowMs: number): AlarmState {
  return {
    value: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    reasonData: undefined,
    updatedAtMs: nowMs,
    changedAtMs: nowMs,
  };
}

function toAlarm(row: Record<string, unknown>, { account, region }: { account: string; region: string }): Alarm {
  const name = String(row['name']);
  const next = row['next_evaluation_ms'];
  return {
    name,
    arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    // Both texts are written only by this file.
    definition: JSON.parse(String(row['definition'])) as AlarmDefinition,
    state: JSON.parse(String(row['state'])) as AlarmState,
    configuredAtMs: Number(row['configured_at_ms']),
    nextEvaluationMs: typeof next === 'number' ? next : undefined,
  };
}
