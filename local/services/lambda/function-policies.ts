import type { JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';

/** The resource policies of functions, one statement per `AWS::Lambda::Permission`. */
export interface FunctionPolicies {
  put(id: string, name: string, qualifier: string | undefined, properties: JsonObject): void;
  delete(id: string): void;
  /** The policy of a function, version or alias; undefined if nobody was permitted anything. */
  policyOf(name: string, arn: string, qualifier: string | undefined): JsonObject | undefined;
}

/** Opens their table. */
export function openFunctionPolicies(store: Store): FunctionPolicies {
  store.migrate('lambda-permissions', [
    `CREATE TABLE lambda_permissions (id TEXT PRIMARY KEY, name TEXT NOT NULL, qualifier TEXT NOT NULL,
       properties TEXT NOT NULL) STRICT`,
  ]);
  return {
    put: (id, name, qualifier, properties) => {
      store
        .statement('INSERT OR REPLACE INTO lambda_permissions (id, name, qualifier, properties) VALUES (?, ?, ?, ?)')
        .run(id, name, qualifier ?? '', JSON.stringify(properties));
    },
    delete: (id) => {
      store.statement('DELETE FROM lambda_permissions WHERE id = ?').run(id);
    },
    policyOf: (name, arn, qualifier) => {
      const rows = store
        .statement('SELECT id, properties FROM lambda_permissions WHERE name = ? AND qualifier = ? ORDER BY id')
        .all(name, qualifier ?? '');
      if (rows.length === 0) return undefined;
      const statements = rows.map((row) =>
        // Written by `put` only.
        toStatement(String(row['id']), arn, JSON.parse(String(row['properties'])) as JsonObject),
      );
      return { Version: '2012-10-17', Id: 'default', Statement: statements };
    },
  };
}

function toStatement(id: string, arn: string, properties: JsonObject): JsonObject {
  const { SourceArn, SourceAccount, PrincipalOrgID, Principal, Action } = properties;
  const condition: JsonObject = {
    ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...((SourceAccount !== undefined || PrincipalOrgID !== undefined) && {
      StringEquals: {
        ...(SourceAccount !== undefined && { 'AWS:SourceAccount': SourceAccount }),
        ...(PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': PrincipalOrgID }),
      },
    }),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: toPrincipal(String(Principal)),
    Action: Action ?? 'lambda:InvokeFunction',
    Resource: arn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

function toPrincipal(principal: string): string | JsonObject {
  if (principal === '*') return principal;
  if (principal.includes('.amazonaws.com')) return { Service: principal };
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}
