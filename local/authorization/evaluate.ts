import type { Principal } from '../gateway/principal.ts';
import { holdAll } from './conditions.ts';
import type { ConditionKeys, Permission } from './permission.ts';
import { meet } from './policy-principals.ts';
import type { Names, Policy, Statement } from './policy.ts';
import { matchesWildcards } from './wildcards.ts';

/** What policies say of a call. `none`: no statement that counts fits. */
export type Verdict = 'allow' | 'deny' | 'none';

/** Evaluates a role's own policies: an explicit Deny wins over any Allow. */
export function evaluateIdentity(policies: readonly Policy[], permission: Permission, keys: ConditionKeys): Verdict {
  return strongest(fitting(policies, permission, keys));
}

/**
 * Evaluates the policy of a resource for a caller. A statement for the caller's whole account denies, but does not allow
 * by itself.
 */
export function evaluateResource(
  policy: Policy,
  permission: Permission,
  keys: ConditionKeys,
  caller: Principal,
): Verdict {
  const statements = fitting([policy], permission, keys).filter(({ effect, principals }) => {
    const meeting = meet(principals, caller);
    return meeting === 'named' || (meeting === 'account' && effect === 'Deny');
  });
  return strongest(statements);
}

/** The conditions for which statements were left out that would have allowed the call. */
export function conditionsLeftOut(policies: readonly Policy[], { action, resource }: Permission): string[] {
  const left = policies.flatMap(({ statements }) =>
    statements.filter(
      (statement) =>
        statement.effect === 'Allow' && statement.notEvaluated.length > 0 && isAbout(statement, action, resource),
    ),
  );
  return [...new Set(left.flatMap(({ notEvaluated }) => notEvaluated))];
}

function strongest(statements: readonly Statement[]): Verdict {
  if (statements.some(({ effect }) => effect === 'Deny')) return 'deny';
  return statements.length > 0 ? 'allow' : 'none';
}

function fitting(policies: readonly Policy[], { action, resource }: Permission, keys: ConditionKeys): Statement[] {
  return policies.flatMap(({ statements }) =>
    statements.filter(
      (statement) =>
        statement.notEvaluated.length === 0 &&
        isAbout(statement, action, resource) &&
        holdAll(statement.conditions, keys),
    ),
  );
}

/** Actions in any case; resources as they are written. */
function isAbout({ actions, resources }: Statement, action: string, resource: string): boolean {
  return includes(actions, action.toLowerCase()) && (!resources || includes(resources, resource));
}

function includes({ isNegated, patterns }: Names, name: string): boolean {
  return patterns.some((pattern) => pattern === '*' || matchesWildcards(pattern, name)) !== isNegated;
}
