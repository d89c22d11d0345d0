import { isJsonObject, type Json } from '../json.ts';
import { evaluateCondition } from './conditions.ts';
import { pseudoParameter } from './pseudo-parameters.ts';
import type { Site } from './scope.ts';
import { substitute } from './substitution.ts';

type IntrinsicFunction = (argument: Json, site: Site) => Json | undefined;

/** The intrinsic functions that make values, by name. Conditions are beside them in `conditions.ts`. */
export const intrinsicFunctions: Readonly<Record<string, IntrinsicFunction | undefined>> = {
  'Fn::GetAtt': (argument, site) => {
    const [logicalId, ...rest] = typeof argument === 'string' ? argument.split('.') : strings(argument, 'GetAtt', site);
    return resolveAttribute(logicalId ?? '', rest.join('.'), site);
  },
  'Fn::Sub': (argument, site) =>
    substitute(argument, site, (name) =>
      name.includes('.') && !name.startsWith('AWS::') ? attributeByDots(name, site) : resolveRef(name, site),
    ),
  'Fn::Join': (argument, site) => {
    const [delimiter, values] = list(argument, 2, 'Join', site);
    if (typeof delimiter !== 'string') throw site.problem('Fn::Join wants a text as delimiter');
    return strings(values ?? null, 'Join', site).join(delimiter);
  },
  'Fn::Split': (argument, site) => {
    const [delimiter, value] = list(argument, 2, 'Split', site).map((part, index) => site.resolve(part, `[${index}]`));
    if (typeof delimiter !== 'string' || typeof value !== 'string') throw site.problem('Fn::Split wants two texts');
    return value.split(delimiter);
  },
  'Fn::Select': (argument, site) => {
    const [index, values] = list(argument, 2, 'Select', site).map((part, place) => site.resolve(part, `[${place}]`));
    const chosen = Array.isArray(values) ? values[Number(index)] : undefined;
    if (chosen === undefined) throw site.problem(`Fn::Select found no element ${String(index)}`);
    return chosen;
  },
  'Fn::If': (argument, site) => {
    const [name, then, otherwise] = list(argument, 3, 'If', site);
    if (typeof name !== 'string') throw site.problem("Fn::If wants a condition's name first");
    return evaluateCondition(name, site) ? site.resolve(then ?? null, '[1]') : site.resolve(otherwise ?? null, '[2]');
  },
  'Fn::FindInMap': (argument, site) => {
    const [map = '', first = '', second = ''] = strings(argument, 'FindInMap', site);
    const found = site.scope.mappings[map]?.[first]?.[second];
    if (found === undefined) throw site.problem(`the mapping has no ${map}.${first}.${second}`);
    return found;
  },
  'Fn::ImportValue': (argument, site) => {
    const name = site.resolve(argument, 'Fn::ImportValue');
    const value = typeof name === 'string' ? site.scope.exported(name) : undefined;
    if (value === undefined) {
      throw site.problem(`no stack before this one exports ${JSON.stringify(name)}`);
    }
    return value;
  },
  'Fn::Base64': (argument, site) => {
    const value = site.resolve(argument, 'Fn::Base64');
    if (typeof value !== 'string') throw site.problem('Fn::Base64 wants a text');
    return Buffer.from(value, 'utf8').toString('base64');
  },
  'Fn::GetAZs': (argument, site) => {
    const region = site.resolve(argument, 'Fn::GetAZs');
    return ['a', 'b', 'c'].map((zone) => `${typeof region === 'string' && region ? region : site.scope.region}${zone}`);
  },
};

/** What `Ref` gives: a pseudo parameter, a parameter, or a resource's physical id. */
export function resolveRef(name: Json, site: Site): Json | undefined {
  if (typeof name !== 'string') throw site.problem('Ref wants a logical id');
  if (name.startsWith('AWS::')) return pseudoParameter(name, site);
  const parameter = site.scope.parameters.get(name);
  if (parameter !== undefined) return parameter;
  const resource = site.scope.resource(name);
  if (!resource) throw site.problem(`Ref ${name}: the template has no parameter or resource of this name`);
  return resource.physicalId;
}

function attributeByDots(name: string, site: Site): Json {
  const [logicalId = '', ...rest] = name.split('.');
  return resolveAttribute(logicalId, rest.join('.'), site);
}

function resolveAttribute(logicalId: string, attribute: string, site: Site): Json {
  const resource = site.scope.resource(logicalId);
  if (!resource) throw site.problem(`Fn::GetAtt ${logicalId}.${attribute}: the template has no resource ${logicalId}`);
  const value = resource.attributes[attribute] ?? nestedAttribute(resource.attributes, attribute);
  if (value !== undefined) return value;
  const known = Object.keys(resource.attributes).join(', ') || 'none';
  throw site.problem(
    `Fn::GetAtt ${logicalId}.${attribute}: ${resource.type} has no such attribute locally; it has: ${known}`,
  );
}

/** `Endpoint.Address` may be recorded under that name or as an object. */
function nestedAttribute(attributes: Readonly<Record<string, Json>>, path: string): Json | undefined {
  let value: Json | undefined = { ...attributes };
  for (const step of path.split('.')) value = isJsonObject(value) ? value[step] : undefined;
  return value;
}

function list(argument: Json, count: number, name: string, site: Site): Json[] {
  if (Array.isArray(argument) && argument.length === count) return argument;
  throw site.problem(`Fn::${name} wants ${count} arguments`);
}

/** A list of texts; numbers and booleans count as their text, as in CloudFormation. */
function strings(argument: Json, name: string, site: Site): string[] {
  const values = Array.isArray(argument)
    ? argument.flatMap((part, index) => site.resolve(part, `[${index}]`) ?? [])
    : site.resolve(argument, `Fn::${name}`);
  if (!Array.isArray(values)) throw site.problem(`Fn::${name} wants a list`);
  return values.map((value) => {
    if (typeof value === 'object') throw site.problem(`Fn::${name} wants texts, got ${JSON.stringify(value)}`);
    return String(value);
  });
}
