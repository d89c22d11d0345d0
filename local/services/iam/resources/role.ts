import { createHash } from 'node:crypto';
import { compilePolicy } from '../../../authorization/policy.ts';
import type { Place } from '../../../authorization/permission.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceType } from '../../../template/resource.ts';
import type { Identities } from '../identities.ts';
import { pathOf, texts } from './read-properties.ts';

/** `AWS::IAM::Role`, with its inline policies. `Ref` is the name. */
export function roleType(identities: Identities, { account }: Place): ResourceType {
  const put = (name: string, properties: JsonObject, digits: string): Provisioned => {
    const arn = `arn:aws:iam::${account}:role${pathOf(properties)}${name}`;
    const trust = properties['AssumeRolePolicyDocument'] ?? {};
    const inline = inlineDocuments(properties['Policies']);
    // What IAM would refuse is refused before anything is kept.
    for (const document of [trust, ...inline]) compilePolicy(document);
    identities.putRole({ name, arn, trust, inline, managed: texts(properties['ManagedPolicyArns']) });
    return { physicalId: name, attributes: { Arn: arn, RoleId: `AROA${digits.slice(0, 17).toUpperCase()}` } };
  };
  return {
    type: 'AWS::IAM::Role',
    replacedBy: ['RoleName', 'Path'],
    isMade: ({ physicalId }) => identities.hasRole(physicalId),
    create(properties, context) {
      const { RoleName: given } = properties;
      const name = typeof given === 'string' ? given : context.generateName(64);
      return put(name, properties, digitsOf(context.generateName(128)));
    },
    update: ({ physicalId }, properties, context) => put(physicalId, properties, digitsOf(context.generateName(128))),
    delete: ({ physicalId }) => identities.deleteRole(physicalId),
  };
}

function inlineDocuments(policies: Json | undefined): Json[] {
  const list = Array.isArray(policies) ? policies : [];
  return list.map((policy) => (isJsonObject(policy) ? (policy['PolicyDocument'] ?? {}) : {}));
}

function digitsOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
