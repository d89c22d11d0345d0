import { createHash } from 'node:crypto';
import type { Place } from '../../../authorization/permission.ts';
import { compilePolicy } from '../../../authorization/policy.ts';
import type { JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../../template/resource.ts';
import type { Identities } from '../identities.ts';
import { pathOf, texts } from './read-properties.ts';

/** The policies that stand alone: `AWS::IAM::Policy`, `AWS::IAM::RolePolicy` and `AWS::IAM::ManagedPolicy`. */
export function policyTypes(identities: Identities, place: Place): ResourceType[] {
  return [inlinePolicyType(identities), rolePolicyType(identities), managedPolicyType(identities, place)];
}

/** `Users` and `Groups` of a policy change nothing: the person at the laptop may do everything. */
function inlinePolicyType(identities: Identities): ResourceType {
  const put = (id: string, properties: JsonObject): Provisioned => {
    keep(identities, id, properties, texts(properties['Roles']));
    return { physicalId: id, attributes: { Id: id } };
  };
  return {
    ...removable(identities),
    type: 'AWS::IAM::Policy',
    create: (properties, context) => put(context.generateName(128), properties),
    update: ({ physicalId }, properties) => put(physicalId, properties),
  };
}

function rolePolicyType(identities: Identities): ResourceType {
  const put = (id: string, properties: JsonObject): Provisioned => {
    keep(identities, id, properties, [String(properties['RoleName'])]);
    return { physicalId: id, attributes: {} };
  };
  return {
    ...removable(identities),
    type: 'AWS::IAM::RolePolicy',
    replacedBy: ['PolicyName', 'RoleName'],
    create: (properties, context) => put(context.generateName(128), properties),
    update: ({ physicalId }, properties) => put(physicalId, properties),
  };
}

/** `Ref` is the ARN, by which roles name the policy too. */
function managedPolicyType(identities: Identities, { account }: Place): ResourceType {
  const put = (properties: JsonObject, context: ResourceContext): Provisioned => {
    const given = properties['ManagedPolicyName'];
    const name = typeof given === 'string' ? given : context.generateName(128);
    const arn = `arn:aws:iam::${account}:policy${pathOf(properties)}${name}`;
    keep(identities, arn, properties, texts(properties['Roles']));
    const digits = createHash('sha256').update(context.generateName(128)).digest('hex').slice(0, 17);
    return { physicalId: arn, attributes: { PolicyArn: arn, PolicyId: `ANPA${digits.toUpperCase()}` } };
  };
  return {
    ...removable(identities),
    type: 'AWS::IAM::ManagedPolicy',
    replacedBy: ['ManagedPolicyName', 'Path', 'Description'],
    create: put,
    update: (_current, properties, context) => put(properties, context),
  };
}

function removable(identities: Identities): Pick<ResourceType, 'isMade' | 'delete'> {
  return {
    isMade: ({ physicalId }) => identities.hasPolicy(physicalId),
    delete: ({ physicalId }) => identities.deletePolicy(physicalId),
  };
}

function keep(identities: Identities, id: string, { PolicyDocument }: JsonObject, roles: readonly string[]): void {
  const document = PolicyDocument ?? {};
  compilePolicy(document);
  identities.putPolicy({ id, document, roles });
}
