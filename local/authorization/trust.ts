import type { Principal } from '../gateway/principal.ts';
import { evaluateIdentity, evaluateResource } from './evaluate.ts';
import { holdAll } from './conditions.ts';
import type { ConditionKeys, Permission } from './permission.ts';
import { meet } from './policy-principals.ts';
import { refusal } from './refusal.ts';
import type { RoleIdentity } from './role-identity.ts';

type RolePrincipal = Extract<Principal, { kind: 'role' }>;

interface TrustParts {
  findRole(roleArn: string): RoleIdentity | undefined;
  /** What conditions see of who assumes. */
  keysOf(assumer: Principal): ConditionKeys;
}

/**
 * Whether everyone in the chain that led to a role may have assumed what they did. As on AWS a role that trusts a whole
 * account also needs the other's own policies to allow `sts:AssumeRole`.
 * @throws AwsError of `service`
 */
export function checkTrust(service: string, { roleArn, assumedBy }: RolePrincipal, parts: TrustParts): void {
  if (!assumedBy) return;
  if (assumedBy.kind === 'role') checkTrust(service, assumedBy, parts);
  const role = parts.findRole(roleArn);
  const permission = { action: 'sts:AssumeRole', resource: roleArn };
  if (!role || isTrusted(role, permission, assumedBy, parts)) return;
  throw refusal(service, assumedBy.arn, permission, { reason: 'no-trust-policy' });
}

function isTrusted(role: RoleIdentity, permission: Permission, assumer: Principal, parts: TrustParts): boolean {
  const { trust } = role;
  const keys = parts.keysOf(assumer);
  const verdict = evaluateResource(trust, permission, keys, assumer);
  if (verdict !== 'none') return verdict === 'allow';
  if (assumer.kind !== 'role') return false;
  const trustsAccount = trust.statements.some(
    ({ effect, principals, conditions, notEvaluated }) =>
      effect === 'Allow' &&
      notEvaluated.length === 0 &&
      meet(principals, assumer) === 'account' &&
      holdAll(conditions, keys),
  );
  if (!trustsAccount) return false;
  const own = parts.findRole(assumer.roleArn);
  // Of a role that is in no template nobody knows what it may do.
  return !own || evaluateIdentity(own.policies, permission, keys) === 'allow';
}
