import { isJsonObject, type Json } from '../../../json.ts';
import { textFor } from '../envelope.ts';
import type { MessageAttribute, PublishedMessage } from '../message.ts';
import type { Subscription } from '../topic-store.ts';
import { compileFilterPolicy, type Alternative } from './filter-policy.ts';
import type { Leaf } from './operators.ts';
import { scopeOf } from './subscription-filter.ts';

/** The values of a message by their path; names joined by dots. What lies in an array is a value like any other. */
type Leaves = ReadonlyMap<string, readonly Leaf[]>;

/** Whether a subscription's filter policy lets a message through; one without a policy gets everything. */
export function acceptsMessage({ attributes, protocol }: Subscription, message: PublishedMessage): boolean {
  const text = attributes['FilterPolicy'];
  if (text === undefined) return true;
  const scope = scopeOf(attributes);
  const policy = compileFilterPolicy(text, scope);
  if (policy.every((alternative) => alternative.size === 0)) return true;
  const leaves = scope === 'MessageBody' ? leavesOfBody(textFor(message, protocol)) : leavesOf(message.attributes);
  return leaves !== undefined && policy.some((alternative) => fits(alternative, leaves));
}

function fits(alternative: Alternative, leaves: Leaves): boolean {
  return [...alternative].every(([path, { conditions }]) => {
    const found = leaves.get(path);
    return conditions.some((condition) =>
      condition.kind === 'absent' ? found === undefined : found?.some((leaf) => condition.fits(leaf)),
    );
  });
}

/** Undefined for a body that is no JSON object: no policy accepts it. */
function leavesOfBody(text: string): Leaves | undefined {
  const body = parseOrUndefined(text);
  if (!isJsonObject(body)) return undefined;
  const leaves = new Map<string, Leaf[]>();
  const visit = (value: Json, path: string): void => {
    if (Array.isArray(value)) for (const element of value) visit(element, path);
    else if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value)) visit(member, path === '' ? name : `${path}.${name}`);
    } else {
      const known = leaves.get(path);
      if (known) known.push(value);
      else leaves.set(path, [value]);
    }
  };
  visit(body, '');
  return leaves;
}

/** Binary attributes are ignored. */
function leavesOf(attributes: Readonly<Record<string, MessageAttribute>>): Leaves {
  const compared = Object.entries(attributes).filter(([, { Type }]) => !Type.startsWith('Binary'));
  return new Map(compared.map(([name, attribute]) => [name, valuesOf(attribute)]));
}

function valuesOf({ Type, Value }: MessageAttribute): Leaf[] {
  if (Type.startsWith('Number')) return [Number(Value)];
  if (Type !== 'String.Array') return [Value];
  const elements = parseOrUndefined(Value);
  const isLeaf = (element: Json): element is Leaf => !Array.isArray(element) && !isJsonObject(element);
  return Array.isArray(elements) ? elements.filter(isLeaf) : [];
}

function parseOrUndefined(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
