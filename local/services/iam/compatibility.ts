import type { Compatibility } from '../compatibility.ts';

const reference = 'https://docs.aws.amazon.com/service-authorization/latest/reference';
const guide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/** What IAM and permissions says of itself in docs/compatibility.md. */
export const iamCompatibility: Compatibility = {
  id: 'iam',
  title: 'IAM and permissions',
  scope:
    'Roles and policies of templates, evaluated for every call of a role or a service; the API of IAM is not here.',

  resourceTypePrefix: 'AWS::IAM::',
  rules: [
    {
      id: 'iam.arn-like',
      rule: 'In ARN operators each of the six parts of an ARN is matched for itself.',
      source: `${guide}/reference_policies_elements_condition_operators.html`,
    },
    {
      id: 'iam.conditions.evaluated',
      rule: 'The condition keys that are known here are evaluated with their operators, also with IfExists.',
      source: `${guide}/reference_policies_elements_condition_operators.html`,
    },
    {
      id: 'iam.conditions.left-out',
      rule: 'A statement with another condition is left out, and named at start.',
      source: 'inferred',
    },
    {
      id: 'iam.conditions.quantifiers',
      rule: 'ForAllValues holds if each value of a key fits, and if it has none; ForAnyValue if one fits.',
      source: `${guide}/reference_policies_condition-single-vs-multi-valued-context-keys.html`,
    },
    {
      id: 'iam.evaluation.allow-needed',
      rule: 'Nothing is allowed unless a statement allows it.',
      source: `${guide}/reference_policies_evaluation-logic.html`,
    },
    {
      id: 'iam.evaluation.explicit-deny',
      rule: 'A deny wins over every allow.',
      source: `${guide}/reference_policies_evaluation-logic.html`,
    },
    { id: 'iam.off', rule: 'The cloud can be started without evaluating permissions.', source: 'inferred' },
    {
      id: 'iam.policy.action-case',
      rule: 'Actions match in any case, resources as they are written.',
      source: `${guide}/reference_policies_elements_action.html`,
    },
    {
      id: 'iam.policy.malformed',
      rule: 'A malformed policy is refused where it is made.',
      source: `${guide}/reference_policies_grammar.html`,
    },
    {
      id: 'iam.policy.not-action',
      rule: 'NotAction and NotResource are everything else.',
      source: `${guide}/reference_policies_elements_notaction.html`,
    },
    { id: 'iam.policy.variables', rule: 'Policy variables are refused by name.', source: 'inferred' },
    {
      id: 'iam.policy.wildcards',
      rule: '* and ? match in actions and resources.',
      source: `${guide}/reference_policies_elements_resource.html`,
    },
    {
      id: 'iam.principal.account-deny',
      rule: 'A deny for an account is one for its roles.',
      source: `${guide}/reference_policies_elements_principal.html`,
    },
    {
      id: 'iam.principal.not-principal',
      rule: 'NotPrincipal is everyone else.',
      source: `${guide}/reference_policies_elements_notprincipal.html`,
    },
    {
      id: 'iam.principal.role',
      rule: 'A resource policy names a role by its ARN, its session, its account or *.',
      source: `${guide}/reference_policies_elements_principal.html`,
    },
    {
      id: 'iam.principal.service',
      rule: 'A resource policy allows a service by its name only.',
      source: `${guide}/reference_policies_elements_principal.html`,
    },
    { id: 'iam.refusal.sdk', rule: 'A refusal has the name that each service gives it.', source: 'unverified' },
    {
      id: 'iam.resource-policy.role',
      rule: 'In one account, a role may also do what the resource’s policy allows it.',
      source: `${guide}/reference_policies_evaluation-logic.html`,
    },
    {
      id: 'iam.resource-policy.service',
      rule: 'A service needs the policy of the resource, for the source that its conditions name.',
      source: `${guide}/confused-deputy.html`,
    },
    {
      id: 'iam.role.before-evaluation',
      rule: 'A role that a folder has from before roles were kept is made without a change.',
      source: 'inferred',
    },
    {
      id: 'iam.role.chain',
      rule: 'A role assumes another that trusts the account only with a permission of its own.',
      source: `${guide}/id_roles_terms-and-concepts.html`,
    },
    {
      id: 'iam.role.explicit-deny',
      rule: 'A refusal tells of an explicit deny.',
      source: `${guide}/troubleshoot_access-denied.html`,
    },
    {
      id: 'iam.role.identity-policy',
      rule: 'A role may do what its inline, attached and managed policies allow, and no more.',
      source: `${guide}/access_policies.html`,
    },
    {
      id: 'iam.role.removed-permission',
      rule: 'A role loses what the next template takes from it.',
      source: 'inferred',
    },
    {
      id: 'iam.role.trust',
      rule: 'A role works only for whom its trust policy names.',
      source: `${guide}/id_roles_terms-and-concepts.html`,
    },
    {
      id: 'iam.role.unknown',
      rule: 'A role that is in no template is not evaluated, which is told once.',
      source: 'inferred',
    },
    {
      id: 'iam.start.not-evaluated',
      rule: 'What is not evaluated is said at the start, in general and by name.',
      source: 'inferred',
    },
    {
      id: 'iam.tables',
      rule: 'Each operation needs the permission on the resource that the service authorization reference has for it.',
      source: `${reference}/reference_policies_actions-resources-contextkeys.html`,
    },
    {
      id: 'iam.tables.complete',
      rule: 'Every operation that is answered says which permission it needs.',
      source: 'inferred',
    },
    {
      id: 'iam.tables.leading-keys',
      rule: 'A call that names items of DynamoDB has their partition keys as dynamodb:LeadingKeys; Scan has none.',
      source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html',
    },
    {
      id: 'iam.tables.leading-keys.index',
      rule: 'A query of an index has the partition key of the index as dynamodb:LeadingKeys.',
      source: 'unverified',
    },
    {
      id: 'iam.tables.secret-arn',
      rule: 'A secret that is named by its name needs a permission on its whole ARN.',
      source: `${reference}/list_awssecretsmanager.html`,
    },
    {
      id: 'iam.tables.states-qualifier',
      rule: 'A start through an alias needs the permission on the state machine, with the alias as a condition key.',
      source: `${reference}/list_awsstepfunctions.html`,
    },
    {
      id: 'iam.variables.refused',
      rule: 'A template whose policy has a variable is refused with the place.',
      source: 'inferred',
    },
    {
      id: 'iam.wildcards',
      rule: '* stands for any characters and ? for one.',
      source: `${guide}/reference_policies_elements_resource.html`,
    },
  ],
};
