import type { Store } from '../../store/store.ts';

/** A name for a version of a function, and the share of invocations that goes to another one. */
export interface FunctionAlias {
  readonly functionName: string;
  readonly alias: string;
  readonly version: string;
  readonly description: string;
  /** Version to share, 0 to 1; empty, or one beside `version`. */
  readonly weights: Readonly<Record<string, number>>;
  /** A new one for each change. */
  readonly revisionId: string;
}

/** The aliases of all functions. */
export interface FunctionAliases {
  put(alias: FunctionAlias): void;
  find(functionName: string, alias: string): FunctionAlias | undefined;
  /** By name. */
  list(functionName: string): FunctionAlias[];
  delete(functionName: string, alias: string): void;
  /** When the function goes. */
  deleteAll(functionName: string): void;
}

/** Opens their table, which `openFunctionStore` makes. */
export function openFunctionAliases(store: Store): FunctionAliases {
  const columns = 'name, alias, version, description, weights, revision_id';
  const toAlias = (row: Record<string, unknown>): FunctionAlias => ({
    functionName: String(row['name']),
    alias: String(row['alias']),
    version: String(row['version']),
    description: String(row['description']),
    // Written by `put` only.
    weights: JSON.parse(String(row['weights'])) as Record<string, number>,
    revisionId: String(row['revision_id']),
  });
  return {
    put: ({ functionName, alias, version, description, weights, revisionId }) => {
      store
        .statement(`INSERT OR REPLACE INTO lambda_aliases (${columns}) VALUES (?, ?, ?, ?, ?, ?)`)
        .run(functionName, alias, version, description, JSON.stringify(weights), revisionId);
    },
    find: (functionName, alias) => {
      const row = store
        .statement(`SELECT ${columns} FROM lambda_aliases WHERE name = ? AND alias = ?`)
        .get(functionName, alias);
      return row && toAlias(row);
    },
    list: (functionName) =>
      store
        .statement(`SELECT ${columns} FROM lambda_aliases WHERE name = ? ORDER BY alias`)
        .all(functionName)
        .map(toAlias),
    delete: (functionName, alias) => {
      store.statement('DELETE FROM lambda_aliases WHERE name = ? AND alias = ?').run(functionName, alias);
    },
    deleteAll: (functionName) => {
      store.statement('DELETE FROM lambda_aliases WHERE name = ?').run(functionName);
    },
  };
}

/** The version that one invocation of an alias runs; `random` is at least 0 and below 1. */
export function pickVersion({ version, weights }: FunctionAlias, random: number): string {
  const [other] = Object.entries(weights);
  return other && random < other[1] ? other[0] : version;
}
