import { compilePolicy, type Policy } from '../../authorization/policy.ts';
import { findAwsManagedPolicy } from '../../authorization/aws-managed-policies.ts';
import type { RoleIdentity } from '../../authorization/role-identity.ts';
import type { Json } from '../../json.ts';
import type { Store } from '../../store/store.ts';

/** A role as a template makes it. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trust: Json;
  /** The documents of its `Policies`. */
  readonly inline: readonly Json[];
  /** ARNs of its managed policies. */
  readonly managed: readonly string[];
}

/** A policy that stands alone and names who has it. */
export interface StandalonePolicy {
  /** `Ref` of the resource: an id, or the ARN of a managed policy. */
  readonly id: string;
  readonly document: Json;
  /** Names of roles. */
  readonly roles: readonly string[];
}

/** Roles and their policies. */
export interface Identities {
  putRole(role: Role): void;
  deleteRole(name: string): void;
  hasRole(name: string): boolean;
  putPolicy(policy: StandalonePolicy): void;
  deletePolicy(id: string): void;
  hasPolicy(id: string): boolean;
  /** What a role may do and who may assume it; the same object until anything changes. Undefined for an unknown role. */
  find(roleArn: string): RoleIdentity | undefined;
}

const migrations = [
  `CREATE TABLE iam_roles (name TEXT PRIMARY KEY, arn TEXT NOT NULL, trust TEXT NOT NULL, inline TEXT NOT NULL,
     managed TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  'CREATE INDEX iam_roles_arn ON iam_roles (arn)',
  'CREATE TABLE iam_policies (id TEXT PRIMARY KEY, document TEXT NOT NULL, roles TEXT NOT NULL) STRICT, WITHOUT ROWID',
];

/** Opens the tables of roles and policies. */
export function openIdentities(store: Store): Identities {
  store.migrate('iam', migrations);
  const compiled = new Map<string, RoleIdentity>();
  const change = (sql: string, ...values: string[]): void => {
    store.statement(sql).run(...values);
    compiled.clear();
  };
  const has = (sql: string, key: string): boolean => store.statement(sql).get(key) !== undefined;
  return {
    putRole: ({ name, arn, trust, inline, managed }) =>
      change(
        'INSERT OR REPLACE INTO iam_roles (name, arn, trust, inline, managed) VALUES (?, ?, ?, ?, ?)',
        ...[name, arn, JSON.stringify(trust), JSON.stringify(inline), JSON.stringify(managed)],
      ),
    deleteRole: (name) => change('DELETE FROM iam_roles WHERE name = ?', name),
    hasRole: (name) => has('SELECT name FROM iam_roles WHERE name = ?', name),
    putPolicy: ({ id, document, roles }) =>
      change(
        'INSERT OR REPLACE INTO iam_policies (id, document, roles) VALUES (?, ?, ?)',
        ...[id, JSON.stringify(document), JSON.stringify(roles)],
      ),
    deletePolicy: (id) => change('DELETE FROM iam_policies WHERE id = ?', id),
    hasPolicy: (id) => has('SELECT id FROM iam_policies WHERE id = ?', id),
    find(roleArn) {
      const known = compiled.get(roleArn);
      if (known) return known;
      const row = store.statement('SELECT * FROM iam_roles WHERE arn = ?').get(roleArn);
      if (!row) return undefined;
      const identity = toIdentity(row, store);
      compiled.set(roleArn, identity);
      return identity;
    },
  };
}

function toIdentity(row: Record<string, unknown>, store: Store): RoleIdentity {
  const managed = parse(row['managed']) as string[];
  const inline = (parse(row['inline']) as Json[]).map((document) => compilePolicy(document));
  return {
    trust: compilePolicy(parse(row['trust'])),
    policies: [...inline, ...attached(String(row['name']), managed, store)],
  };
}

/** Policies that name the role, those that the role names, and of AWS's own those that are known. */
function attached(roleName: string, managed: readonly string[], store: Store): Policy[] {
  const own = store
    .statement('SELECT id, document, roles FROM iam_policies ORDER BY id')
    .all()
    .filter(({ id, roles }) => managed.includes(String(id)) || (parse(roles) as Json[]).includes(roleName))
    .map(({ document }) => compilePolicy(parse(document)));
  return [...own, ...managed.map((arn) => findAwsManagedPolicy(arn)).filter((policy) => policy !== undefined)];
}

/** The columns hold what this file wrote. */
function parse(text: unknown): Json {
  return JSON.parse(String(text)) as Json;
}
