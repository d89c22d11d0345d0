import { LocalCloudError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { conditionFunctions, evaluateCondition } from './conditions.ts';
import { intrinsicFunctions, resolveRef } from './intrinsic-functions.ts';
import type { Scope, Site } from './scope.ts';

/**
 * Resolves every intrinsic below `value`; `undefined` is AWS::NoValue at the top. Dynamic references stay as text.
 * @throws LocalCloudError with stack, logical id and property path
 */
export function resolveIntrinsics(value: Json, scope: Scope, path: string): Json | undefined {
  if (Array.isArray(value)) return resolveList(value, scope, path);
  if (!isJsonObject(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0 && isIntrinsic(key)) {
    return callIntrinsic(key, value[key] ?? null, siteAt(scope, path));
  }
  return resolveMembers(value, scope, path);
}

/** Resolves the properties of a resource. */
export function resolveProperties(properties: JsonObject, scope: Scope, logicalId: string): JsonObject {
  return resolveMembers(properties, scope, `${logicalId}.Properties`);
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');
}

function callIntrinsic(name: string, argument: Json, site: Site): Json | undefined {
  if (name === 'Ref') return resolveRef(argument, site);
  if (name === 'Condition') return conditionMember(argument, site);
  const call = intrinsicFunctions[name] ?? conditionFunctions[name];
  if (!call) {
    const known = ['Ref', ...Object.keys(intrinsicFunctions), ...Object.keys(conditionFunctions)].join(', ');
    throw site.problem(`the intrinsic ${name} is not supported locally; supported: ${known}`);
  }
  return call(argument, site);
}

/** `Condition` names a condition of the template; where it cannot (an IAM statement), it is an ordinary member. */
function conditionMember(argument: Json, site: Site): Json {
  if (typeof argument === 'string' && argument in site.scope.conditions) return evaluateCondition(argument, site);
  return { Condition: site.resolve(argument, 'Condition') ?? null };
}

function resolveList(values: Json[], scope: Scope, path: string): Json[] {
  return values.flatMap((value, index) => {
    const resolved = resolveIntrinsics(value, scope, `${path}[${index}]`);
    return resolved === undefined ? [] : [resolved];
  });
}

function resolveMembers(value: JsonObject, scope: Scope, path: string): JsonObject {
  const resolved: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const result = resolveIntrinsics(member, scope, `${path}.${key}`);
    if (result !== undefined) resolved[key] = result;
  }
  return resolved;
}

function siteAt(scope: Scope, path: string): Site {
  return {
    scope,
    path,
    resolve: (value, step) => resolveIntrinsics(value, scope, step.startsWith('[') ? path + step : `${path}.${step}`),
    problem: (what) => new LocalCloudError(`stack ${scope.stackName}, ${path}: ${what}`),
  };
}
