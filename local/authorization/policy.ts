import { LocalCloudError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { readConditions, type Condition } from './conditions.ts';
import { readPrincipals, type Principals } from './policy-principals.ts';

/** A policy, ready to be evaluated. */
export interface Policy {
  readonly statements: readonly Statement[];
}

/** A statement of a policy, lists made of what may be one value. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Of resource and trust policies only. */
  readonly principals: Principals | undefined;
  /** Lower case. */
  readonly actions: Names;
  /** Absent in trust policies: their resource is the role. */
  readonly resources: Names | undefined;
  readonly conditions: readonly Condition[];
  /** Conditions that are not evaluated: a statement with one is left out, whatever its effect. */
  readonly notEvaluated: readonly string[];
}

/** Names that fit any of these patterns, or (`isNegated`) none of them. */
export interface Names {
  readonly isNegated: boolean;
  readonly patterns: readonly string[];
}

/**
 * Reads a policy document, an object or its JSON text.
 * @throws LocalCloudError for what IAM calls malformed, and for policy variables, which are not supported locally
 */
export function compilePolicy(document: Json): Policy {
  const policy = typeof document === 'string' ? parse(document) : document;
  if (!isJsonObject(policy)) throw malformed('it must be an object');
  const version = policy['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed(`its Version is ${JSON.stringify(version)}; allowed are "2012-10-17" and "2008-10-17"`);
  }
  const statements = [policy['Statement'] ?? []].flat();
  return { statements: statements.map((statement) => readStatement(statement)) };
}

function parse(text: string): Json {
  try {
    // What JSON.parse gives is JSON.
    return JSON.parse(text) as Json;
  } catch {
    throw malformed('it is not JSON');
  }
}

function readStatement(statement: Json): Statement {
  if (!isJsonObject(statement)) throw malformed('a statement must be an object');
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw malformed(`Effect is ${JSON.stringify(effect)}; allowed are "Allow" and "Deny"`);
  }
  const actions = readNames(statement, 'Action');
  if (!actions) throw malformed('a statement has neither Action nor NotAction');
  const read = readConditions(statement['Condition']);
  refuseVariables(statement);
  return {
    effect,
    principals: readPrincipals(statement),
    actions: { ...actions, patterns: actions.patterns.map((action) => action.toLowerCase()) },
    resources: readNames(statement, 'Resource'),
    conditions: read.kind === 'evaluated' ? read.conditions : [],
    notEvaluated: read.kind === 'evaluated' ? [] : read.names,
  };
}

function readNames(statement: JsonObject, field: 'Action' | 'Resource'): Names | undefined {
  const given = statement[field] ?? statement[`Not${field}`];
  if (given === undefined) return undefined;
  const patterns = [given].flat();
  if (!patterns.every((pattern) => typeof pattern === 'string')) throw malformed(`${field} must be text`);
  return { isNegated: statement[field] === undefined, patterns };
}

/** `${aws:username}` and the like; in Action they are plain text. */
function refuseVariables({ Resource, NotResource, Condition }: JsonObject): void {
  const text = JSON.stringify([Resource, NotResource, Condition]);
  const variable = /\$\{[^}]*\}/.exec(text)?.[0];
  if (variable === undefined) return;
  throw new LocalCloudError(`the policy variable ${variable} is not supported locally; write the value`);
}

function malformed(problem: string): LocalCloudError {
  return new LocalCloudError(`the policy document is malformed: ${problem}`);
}
