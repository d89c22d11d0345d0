import { matchesWildcards } from '../../authorization/wildcards.ts';
import { AwsError } from '../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';

/** A statement of a bucket policy, lists made of what may be one value. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly principals: 'everyone' | 'some';
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly hasCondition: boolean;
}

/** Names matched by any of these, or (`isNegated`) by none of these. */
interface Patterns {
  readonly isNegated: boolean;
  readonly values: readonly string[];
}

const maxPolicyBytes = 20 * 1024;

/**
 * Reads a bucket policy strictly enough that what S3 refuses is refused.
 * @throws AwsError `MalformedPolicy`
 */
export function parsePolicy(document: string, bucket: string): Statement[] {
  if (Buffer.byteLength(document) > maxPolicyBytes)
    throw malformed('Policy exceeds the maximum allowed document size.');
  const policy = parseObject(document);
  const version = policy['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  const statements = policy['Statement'];
  const list = Array.isArray(statements) ? statements : statements === undefined ? [] : [statements];
  if (list.length === 0) throw malformed('Missing required field Statement');
  return list.map((statement) => readStatement(statement, bucket));
}

/**
 * Whether a policy lets everyone, unsigned, do `action` on `resource`. An Allow counts only without a Condition; a Deny
 * that fits counts with any, because what is not evaluated must not open a bucket.
 */
export function allowsEveryone(statements: readonly Statement[], action: string, resource: string): boolean {
  const fitting = statements.filter(
    (statement) =>
      statement.principals === 'everyone' &&
      fits(statement.actions, action.toLowerCase()) &&
      fits(statement.resources, resource),
  );
  if (fitting.some((statement) => statement.effect === 'Deny')) return false;
  return fitting.some((statement) => statement.effect === 'Allow' && !statement.hasCondition);
}

/** Whether Block Public Access counts a policy as public: an Allow to everyone that no condition narrows. */
export function isPublicPolicy(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) => statement.effect === 'Allow' && statement.principals === 'everyone' && !statement.hasCondition,
  );
}

function parseObject(document: string): JsonObject {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (!isJsonObject(policy)) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  return policy;
}

const statementFields = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

function readStatement(statement: Json, bucket: string): Statement {
  if (!isJsonObject(statement)) throw malformed('Statement must be an object or a list of objects');
  const unknown = Object.keys(statement).find((name) => !statementFields.has(name));
  if (unknown !== undefined) throw malformed(`Unknown field ${unknown}`);
  const { Effect: effect, Condition: condition } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Invalid effect: allowed are Allow and Deny');
  const resources = readPatterns(statement, 'Resource', (value) => value);
  const prefix = `arn:aws:s3:::${bucket}`;
  if (!resources.values.every((value) => isOfBucket(value, prefix))) throw malformed('Policy has invalid resource');
  const actions = readPatterns(statement, 'Action', (value) => value.toLowerCase());
  if (!actions.values.every((value) => value === '*' || value.startsWith('s3:'))) {
    throw malformed('Policy has invalid action');
  }
  return {
    effect,
    principals: readPrincipals(statement, effect),
    actions,
    resources,
    hasCondition: isJsonObject(condition) && Object.keys(condition).length > 0,
  };
}

function isOfBucket(resource: string, prefix: string): boolean {
  return resource === prefix || resource.startsWith(`${prefix}/`) || resource === `${prefix}*`;
}

/** A Deny that excepts someone (NotPrincipal) meets everyone else, so it meets an unsigned reader. */
function readPrincipals(statement: JsonObject, effect: 'Allow' | 'Deny'): Statement['principals'] {
  const { Principal: principal, NotPrincipal: notPrincipal } = statement;
  if (principal === undefined && notPrincipal === undefined) throw malformed('Missing required field Principal');
  if (notPrincipal !== undefined) return effect === 'Deny' ? 'everyone' : 'some';
  const aws = isJsonObject(principal ?? null) ? (principal as JsonObject)['AWS'] : principal;
  return aws === '*' || (Array.isArray(aws) && aws.includes('*')) ? 'everyone' : 'some';
}

function readPatterns(statement: JsonObject, field: 'Action' | 'Resource', read: (value: string) => string): Patterns {
  const isNegated = statement[field] === undefined;
  const value = statement[field] ?? statement[`Not${field}`];
  if (value === undefined) throw malformed(`Missing required field ${field}`);
  const values = Array.isArray(value) ? value : [value];
  return {
    isNegated,
    values: values.map((entry) => {
      if (typeof entry !== 'string') throw malformed(`Policy has invalid ${field.toLowerCase()}`);
      return read(entry);
    }),
  };
}

function fits(patterns: Patterns, name: string): boolean {
  return patterns.values.some((pattern) => matchesWildcards(pattern, name)) !== patterns.isNegated;
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicy', message);
}
