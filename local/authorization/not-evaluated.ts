import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { findAwsManagedPolicy, isAwsManaged } from './aws-managed-policies.ts';
import { compilePolicy } from './policy.ts';
import { LocalCloudError } from '../errors.ts';

/** A resource of a template, with intrinsics resolved. */
export interface TemplateResource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

/** Says, for the person at the laptop, what of permissions is not evaluated; nothing for an app without roles. */
export function tellNotEvaluated(resources: readonly TemplateResource[]): string[] {
  if (!resources.some(({ type }) => type === 'AWS::IAM::Role')) return [];
  const general =
    'permissions: roles and services need them as on AWS; not evaluated: KMS, iam:PassRole, permissions boundaries, session and organization policies';
  // Key policies are not evaluated at all.
  const left = resources.filter(({ type }) => !type.startsWith('AWS::KMS::')).flatMap((resource) => leftOut(resource));
  if (left.length === 0) return [general];
  return [general, `permissions: left out, since not evaluated: ${[...new Set(left)].toSorted().join(', ')}`];
}

function leftOut({ stackName, logicalId, properties }: TemplateResource): string[] {
  const conditions = documentsOf(properties).flatMap((document) => conditionsOf(document));
  const managed = [properties['ManagedPolicyArns'] ?? []].flat().map(String);
  const unknown = managed.filter((arn) => isAwsManaged(arn) && !findAwsManagedPolicy(arn));
  return [...conditions.map((name) => `the statement with ${name}`), ...unknown].map(
    (what) => `${what} (${stackName}, ${logicalId})`,
  );
}

function documentsOf(properties: JsonObject): Json[] {
  const { AssumeRolePolicyDocument: trust, PolicyDocument: document, ResourcePolicy: onSecret, Policies } = properties;
  const inline = Array.isArray(Policies) ? Policies : [];
  return [
    trust,
    document,
    onSecret,
    ...inline.map((policy) => (isJsonObject(policy) ? policy['PolicyDocument'] : undefined)),
  ].filter((found) => found !== undefined);
}

/** What cannot be read is told where it is used. */
function conditionsOf(document: Json): string[] {
  try {
    return compilePolicy(document).statements.flatMap(({ notEvaluated }) => notEvaluated);
  } catch (error) {
    if (error instanceof LocalCloudError) return [];
    throw error;
  }
}
