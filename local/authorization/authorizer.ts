import { AwsError } from '../errors.ts';
import type { Principal } from '../gateway/principal.ts';
import type { ApiRequest } from '../gateway/service.ts';
import { conditionsLeftOut, evaluateIdentity, evaluateResource, type Verdict } from './evaluate.ts';
import type { AnyPermissionTable, ConditionKeys, Permission, Place } from './permission.ts';
import type { Policy } from './policy.ts';
import { refusal, type Reason } from './refusal.ts';
import type { ResourcePolicies } from './resource-policies.ts';
import type { RoleIdentities, RoleIdentity } from './role-identity.ts';
import { checkTrust } from './trust.ts';

/** What decides whether a call may be made. */
export interface AuthorizerParts {
  readonly place: Place;
  readonly identities: RoleIdentities;
  readonly resourcePolicies: ResourcePolicies;
  /** The permissions of a service's operations; undefined for a service without a table. */
  permissionsOf(service: string): AnyPermissionTable | undefined;
  /** One line for the person at the laptop. */
  report(line: string): void;
}

/** Decides about calls whose input has passed the schema. */
export interface Authorizer {
  /**
   * Lets the call pass: any of the person at the laptop, those of roles and services that policies allow.
   * @throws AwsError the service's refusal in AWS's own words
   */
  check(request: ApiRequest, principal: Principal): void;
}

type RolePrincipal = Extract<Principal, { kind: 'role' }>;
type ServicePrincipal = Extract<Principal, { kind: 'service' }>;

/** CloudFormation acts for the person who deploys. */
const deployer = 'cloudformation.amazonaws.com';

/** Makes the one place where permissions are decided. */
export function createAuthorizer(parts: AuthorizerParts): Authorizer {
  const unknownRoles = new Set<string>();
  const decisions = new DecisionCache();
  const trusted = new TrustCache();

  const findRole = (roleArn: string): RoleIdentity | undefined => {
    const role = parts.identities.find(roleArn);
    if (!role && !unknownRoles.has(roleArn)) {
      unknownRoles.add(roleArn);
      parts.report(`permissions: the role ${roleArn} is in no template; what it may do is not evaluated`);
    }
    return role;
  };

  const checkRole = (request: ApiRequest, principal: RolePrincipal): void => {
    const role = findRole(principal.roleArn);
    if (!role) return;
    if (!trusted.has(role, principal)) {
      checkTrust(request.service, principal, { findRole, keysOf: (assumer) => contextOf(assumer, parts.place) });
      trusted.add(role, principal);
    }
    for (const permission of permissionsOf(request, parts)) {
      const keys = { ...contextOf(principal, parts.place), ...lowerCase(permission.keys) };
      const own = decisions.of(role, permission, () => evaluateIdentity(role.policies, permission, keys));
      const policy = parts.resourcePolicies.find(request.service, permission.resource);
      const onResource = policy ? evaluateResource(policy, permission, keys, principal) : 'none';
      const reason = reasonOf(own, onResource);
      if (reason) throw refusal(request.service, principal.arn, permission, { reason, hint: hintOf(role, permission) });
    }
  };

  const checkService = (request: ApiRequest, principal: ServicePrincipal): void => {
    if (principal.service === deployer) return;
    for (const permission of permissionsOf(request, parts)) {
      const keys = { ...contextOf(principal, parts.place), ...lowerCase(permission.keys) };
      const policy = parts.resourcePolicies.find(request.service, permission.resource);
      const verdict = policy ? evaluateResource(policy, permission, keys, principal) : 'none';
      if (verdict === 'allow') continue;
      const reason = verdict === 'deny' ? 'explicit-deny-in-resource-based-policy' : 'no-resource-based-policy';
      throw refusal(request.service, principal.arn, permission, { reason, hint: leftOutHint(policy, permission) });
    }
  };

  return {
    check(request, principal) {
      if (principal.kind === 'role') checkRole(request, principal);
      if (principal.kind === 'service') checkService(request, principal);
    },
  };
}

function permissionsOf({ service, operation, input }: ApiRequest, parts: AuthorizerParts): readonly Permission[] {
  const row = parts.permissionsOf(service)?.[operation];
  if (!row) {
    throw new AwsError(
      'InternalFailure',
      `nobody has said which permission ${service}:${operation} needs; add it to the service's permissions.ts`,
      { httpStatus: 500 },
    );
  }
  // The gateway has checked the input against the schema that the row's type was made from.
  const needed = row(input as never);
  return Array.isArray(needed) ? (needed as readonly Permission[]) : [needed as Permission];
}

/** Within one account either side allows; a Deny of either wins. */
function reasonOf(own: Verdict, onResource: Verdict): Reason | undefined {
  if (own === 'deny') return 'explicit-deny-in-identity-based-policy';
  if (onResource === 'deny') return 'explicit-deny-in-resource-based-policy';
  return own === 'allow' || onResource === 'allow' ? undefined : 'no-identity-based-policy';
}

/** Calls over loopback count as calls over TLS. */
function contextOf(principal: Principal, { account }: Place): ConditionKeys {
  return {
    'aws:securetransport': 'true',
    ...(principal.kind === 'service' && { 'aws:sourceaccount': account, 'aws:sourcearn': principal.sourceArn }),
  };
}

function lowerCase(keys: ConditionKeys | undefined): ConditionKeys {
  return keys ? Object.fromEntries(Object.entries(keys).map(([name, value]) => [name.toLowerCase(), value])) : {};
}

function hintOf(role: RoleIdentity, permission: Permission): string {
  return leftOutHint({ statements: role.policies.flatMap(({ statements }) => statements) }, permission);
}

function leftOutHint(policy: Policy | undefined, permission: Permission): string {
  const names = policy ? conditionsLeftOut([policy], permission) : [];
  return names.length === 0 ? '' : ` (left out, since it is not evaluated locally: ${names.join(', ')})`;
}

/** Decisions about roles, forgotten with the role's policies. */
class DecisionCache {
  readonly #byRole = new WeakMap<RoleIdentity, Map<string, Verdict>>();
  readonly #keysOfRole = new WeakMap<RoleIdentity, ReadonlySet<string>>();

  of(role: RoleIdentity, { action, resource, keys }: Permission, decide: () => Verdict): Verdict {
    const asked = keys ? this.#asked(role, keys) : [];
    // Such keys name items, which are without number.
    if (asked.some(([, value]) => typeof value === 'function')) return decide();
    const known = this.#byRole.get(role) ?? new Map<string, Verdict>();
    this.#byRole.set(role, known);
    const key = asked.length > 0 ? `${action}\n${resource}\n${JSON.stringify(asked)}` : `${action}\n${resource}`;
    const before = known.get(key);
    if (before) return before;
    const verdict = decide();
    // Resources such as S3 keys are without number.
    if (known.size >= maxDecisionsOfRole) known.clear();
    known.set(key, verdict);
    return verdict;
  }

  /** Those of a call's keys that the role's policies ask for. */
  #asked(role: RoleIdentity, keys: ConditionKeys): [string, ConditionKeys[string]][] {
    const names = this.#keysOfRole.get(role) ?? conditionKeysOf(role);
    this.#keysOfRole.set(role, names);
    return names.size === 0 ? [] : Object.entries(keys).filter(([name]) => names.has(name.toLowerCase()));
  }
}

function conditionKeysOf({ policies }: RoleIdentity): ReadonlySet<string> {
  const statements = policies.flatMap((policy) => policy.statements);
  return new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)));
}

/** Which services have been found to be trusted by a role. Chains of roles hang on more than one role, so they are not kept. */
class TrustCache {
  readonly #byRole = new WeakMap<RoleIdentity, Set<string>>();

  has(role: RoleIdentity, { assumedBy }: RolePrincipal): boolean {
    return assumedBy?.kind === 'service' && (this.#byRole.get(role)?.has(keyOf(assumedBy)) ?? false);
  }

  add(role: RoleIdentity, { assumedBy }: RolePrincipal): void {
    if (assumedBy?.kind !== 'service') return;
    const known = this.#byRole.get(role) ?? new Set<string>();
    this.#byRole.set(role, known.add(keyOf(assumedBy)));
  }
}

function keyOf({ service, sourceArn }: ServicePrincipal): string {
  return `${service}\n${sourceArn ?? ''}`;
}

const maxDecisionsOfRole = 2_000;
