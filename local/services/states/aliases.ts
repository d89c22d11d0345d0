import type { Store } from '../../store/store.ts';

/** The share of an alias's executions that a version gets. */
export interface Route {
  readonly stateMachineVersionArn: string;
  /** 0 to 100; the weights of an alias sum up to 100. */
  readonly weight: number;
}

/** A name for one or two versions of a machine. */
export interface Alias {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  readonly description?: string;
  readonly routing: readonly Route[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The alias with this ARN. */
export function findAlias(store: Store, arn: string): Alias | undefined {
  const row = store.statement('SELECT * FROM states_aliases WHERE arn = ?').get(arn);
  return row && toAlias(row);
}

/** Aliases of a machine in the order of their making. */
export function listAliases(store: Store, machineArn: string, page: { offset: number; count: number }): Alias[] {
  const sql = 'SELECT * FROM states_aliases WHERE machine_arn = ? ORDER BY created_at_ms, name LIMIT ? OFFSET ?';
  return store.statement(sql).all(machineArn, page.count, page.offset).map(toAlias);
}

/** Writes an alias, new or changed. */
export function saveAlias(store: Store, alias: Alias): void {
  store
    .statement(
      `INSERT OR REPLACE INTO states_aliases (arn, machine_arn, name, description, routing, created_at_ms, updated_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      alias.arn,
      alias.machineArn,
      alias.name,
      alias.description ?? null,
      JSON.stringify(alias.routing),
      alias.createdAtMs,
      alias.updatedAtMs,
    );
}

/** Removes an alias, if it is there. */
export function deleteAlias(store: Store, arn: string): void {
  store.statement('DELETE FROM states_aliases WHERE arn = ?').run(arn);
}

/** The version that an execution started by the alias gets; `random` is from 0 to below 1. */
export function pickRoute(routing: readonly Route[], random: number): string {
  let left = random * 100;
  for (const { stateMachineVersionArn, weight } of routing) {
    left -= weight;
    if (left < 0) return stateMachineVersionArn;
  }
  throw new Error('the weights of an alias sum up to less than 100');
}

function toAlias(row: Record<string, unknown>): Alias {
  return {
    arn: String(row['arn']),
    machineArn: String(row['machine_arn']),
    name: String(row['name']),
    ...(row['description'] !== null && { description: String(row['description']) }),
    routing: JSON.parse(String(row['routing'])),
    createdAtMs: Number(row['created_at_ms']),
    updatedAtMs: Number(row['updated_at_ms']),
  };
}
