import type { Compatibility } from '../compatibility.ts';

/** What IAM and permissions says of itself in docs/compatibility.md. */
export const iamCompatibility: Compatibility = {
  id: 'iam',
  title: 'IAM and permissions',
  scope:
    'Roles and policies of templates, evaluated for every call of a role or a service; the API of IAM is not here.',

  resourceTypePrefix: 'AWS::IAM::',
  rules: [
    { id: 'iam.arn-like', rule: 'each of the six parts stands for itself: … and …: …', source: 'unverified' },
    { id: 'iam.conditions.evaluated', rule: '%j: …', source: 'unverified' },
    {
      id: 'iam.conditions.left-out',
      rule: 'leave out a statement with a condition that is not evaluated, and say which',
      source: 'unverified',
    },
    { id: 'iam.evaluation.allow-needed', rule: 'allow nothing unless a statement does', source: 'unverified' },
    { id: 'iam.evaluation.explicit-deny', rule: 'deny whatever another statement allows', source: 'unverified' },
    { id: 'iam.off', rule: 'can be everything', source: 'unverified' },
    {
      id: 'iam.policy.action-case',
      rule: 'match actions in any case, resources as they are written',
      source: 'unverified',
    },
    { id: 'iam.policy.malformed', rule: 'refuse %j', source: 'unverified' },
    { id: 'iam.policy.not-action', rule: 'take NotAction and NotResource as everything else', source: 'unverified' },
    { id: 'iam.policy.variables', rule: 'refuse policy variables by name', source: 'unverified' },
    { id: 'iam.policy.wildcards', rule: 'match wildcards in actions and resources', source: 'unverified' },
    { id: 'iam.principal.account-deny', rule: 'deny the roles of a denied account', source: 'unverified' },
    { id: 'iam.principal.not-principal', rule: 'take NotPrincipal as everyone else', source: 'unverified' },
    { id: 'iam.principal.role', rule: 'a role by %j: …', source: 'unverified' },
    { id: 'iam.principal.service', rule: 'allow a service by its name only', source: 'unverified' },
    { id: 'iam.refusal.sdk', rule: 'is refused by the name that each service gives the error', source: 'unverified' },
    {
      id: 'iam.resource-policy.role',
      rule: 'may also do what the policy of the resource allows it',
      source: 'unverified',
    },
    { id: 'iam.resource-policy.service', rule: 'needs the policy of the queue, for this rule', source: 'unverified' },
    {
      id: 'iam.role.before-evaluation',
      rule: 'of a folder from before roles were kept is made without a change',
      source: 'unverified',
    },
    {
      id: 'iam.role.chain',
      rule: 'assumes another that trusts the account only with a permission of its own',
      source: 'unverified',
    },
    { id: 'iam.role.explicit-deny', rule: 'is told of an explicit deny', source: 'unverified' },
    {
      id: 'iam.role.identity-policy',
      rule: 'may do what its inline, attached and managed policies allow, and no more',
      source: 'unverified',
    },
    { id: 'iam.role.removed-permission', rule: 'loses what the next template takes from it', source: 'unverified' },
    { id: 'iam.role.trust', rule: 'works only for the service that its trust policy names', source: 'unverified' },
    {
      id: 'iam.role.unknown',
      rule: 'that is in no template is not evaluated, which is told once',
      source: 'unverified',
    },
    { id: 'iam.start.not-evaluated', rule: 'is said at the start: in general, and by name', source: 'unverified' },
    { id: 'iam.tables', rule: 'each operation needs the permission', source: 'unverified' },
    {
      id: 'iam.tables.complete',
      rule: 'every operation of every service says which permission it needs',
      source: 'unverified',
    },
    {
      id: 'iam.tables.secret-arn',
      rule: 'a secret that is named by its name needs its whole ARN',
      source: 'unverified',
    },
    {
      id: 'iam.tables.states-qualifier',
      rule: 'a start by way of an alias needs the state machine, with the alias as a key',
      source: 'unverified',
    },
    { id: 'iam.variables.refused', rule: 'is refused where a policy has a variable', source: 'unverified' },
    { id: 'iam.wildcards', rule: '… and …: …', source: 'unverified' },
  ],
};
