import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { Json } from '../../json.ts';
import { compilePattern } from './pattern/compile.ts';
import { indexRules, type RuleIndex } from './pattern/rule-index.ts';

/** A rule of a bus. */
export interface Rule {
  readonly bus: string;
  readonly name: string;
  readonly arn: string;
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
  readonly isEnabled: boolean;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  /** Where a rate counts from. */
  readonly createdAtMs: number;
}

/** A rule that listens, with its targets read. */
export interface ListeningRule {
  readonly rule: Rule;
  readonly targets: readonly Target[];
}

/** The rules of all buses and their targets. */
export interface Rules {
  find(bus: string, name: string): Rule | undefined;
  /** @throws AwsError ResourceNotFoundException */
  get(bus: string, name: string): Rule;
  list(bus: string, prefix?: string): Rule[];
  /** Every rule with a schedule expression. */
  scheduled(): Rule[];
  save(rule: Omit<Rule, 'arn' | 'createdAtMs'>): Rule;
  delete(bus: string, name: string): void;
  targets(bus: string, name: string): Target[];
  saveTarget(bus: string, name: string, target: Target): void;
  deleteTarget(bus: string, name: string, id: string): void;
  /** The enabled rules of a bus whose pattern an event fits; indexed in memory until a rule or target changes. */
  matching(bus: string, event: Json): readonly ListeningRule[];
}

/** Opens the tables of rules and targets. */
export function openRules(store: Store, place: { account: string; region: string; nowMs(): number }): Rules {
  const toRule = (row: Row): Rule => ruleOf(row, place);
  const listening = new Map<string, RuleIndex<ListeningRule>>();
  const changed = (bus: string): void => void listening.delete(bus);
  const rules: Rules = {
    ...ruleReader(store, toRule),
    ...targetTable(store, changed),
    save(rule) {
      writeRule(store, rule, place.nowMs());
      changed(rule.bus);
      return rules.get(rule.bus, rule.name);
    },
    delete(bus, name) {
      store.statement('DELETE FROM events_rules WHERE bus = ? AND name = ?').run(bus, name);
      changed(bus);
    },
    matching(bus, event) {
      const index = listening.get(bus) ?? indexRules(rules.list(bus).flatMap((rule) => listener(rule, rules)));
      listening.set(bus, index);
      return index.matching(event);
    },
  };
  return rules;
}

function listener(rule: Rule, rules: Rules) {
  if (!rule.isEnabled || rule.pattern === undefined) return [];
  const pattern = compilePattern(rule.pattern);
  return [{ pattern, rule: { rule, targets: rules.targets(rule.bus, rule.name) } }];
}

type Row = Record<string, unknown>;

function ruleReader(store: Store, toRule: (row: Row) => Rule): Pick<Rules, 'find' | 'get' | 'list' | 'scheduled'> {
  const find = (bus: string, name: string): Rule | undefined => {
    const row = store.statement('SELECT * FROM events_rules WHERE bus = ? AND name = ?').get(bus, name);
    return row && toRule(row);
  };
  return {
    find,
    get(bus, name) {
      const rule = find(bus, name);
      if (rule) return rule;
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
    },
    list: (bus, prefix = '') =>
      store
        .statement('SELECT * FROM events_rules WHERE bus = ? ORDER BY name')
        .all(bus)
        .map((row) => toRule(row))
        .filter(({ name }) => name.startsWith(prefix)),
    scheduled: () =>
      store
        .statement('SELECT * FROM events_rules WHERE schedule IS NOT NULL')
        .all()
        .map((row) => toRule(row)),
  };
}

function targetTable(
  store: Store,
  changed: (bus: string) => void,
): Pick<Rules, 'targets' | 'saveTarget' | 'deleteTarget'> {
  return {
    targets: (bus, name) =>
      store
        .statement('SELECT target FROM events_targets WHERE bus = ? AND rule = ? ORDER BY rowid')
        .all(bus, name)
        // Written only by saveTarget.
        .map((row) => JSON.parse(String(row['target'])) as Target),
    saveTarget(bus, name, target) {
      store
        .statement(
          `INSERT INTO events_targets (bus, rule, id, target) VALUES (?, ?, ?, ?)
           ON CONFLICT (bus, rule, id) DO UPDATE SET target = excluded.target`,
        )
        .run(bus, name, target.Id ?? '', JSON.stringify(target));
      changed(bus);
    },
    deleteTarget(bus, name, id) {
      store.statement('DELETE FROM events_targets WHERE bus = ? AND rule = ? AND id = ?').run(bus, name, id);
      changed(bus);
    },
  };
}

function writeRule(store: Store, rule: Omit<Rule, 'arn' | 'createdAtMs'>, nowMs: number): void {
  store
    .statement(
      `INSERT INTO events_rules (bus, name, pattern, schedule, is_enabled, description, role_arn, created_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (bus, name) DO UPDATE SET pattern = excluded.pattern, schedule = excluded.schedule,
         is_enabled = excluded.is_enabled, description = excluded.description, role_arn = excluded.role_arn`,
    )
    .run(
      rule.bus,
      rule.name,
      rule.pattern ?? null,
      rule.schedule ?? null,
      rule.isEnabled ? 1 : 0,
      rule.description ?? null,
      rule.roleArn ?? null,
      nowMs,
    );
}

function ruleOf(row: Row, place: { account: string; region: string }): Rule {
  const bus = String(row['bus']);
  const name = String(row['name']);
  const path = bus === 'default' ? name : `${bus}/${name}`;
  return {
    bus,
    name,
    arn: `arn:aws:events:${place.region}:${place.account}:rule/${path}`,
    pattern: text(row['pattern']),
    schedule: text(row['schedule']),
    isEnabled: row['is_enabled'] === 1,
    description: text(row['description']),
    roleArn: text(row['role_arn']),
    createdAtMs: Number(row['created_at_ms']),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
