import type { Json } from '../../json.ts';

const maxKnown = 5_000;
const known = new Map<string, readonly string[] | undefined>();
const plain = /^\$[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const operators = new Set(['and', 'or', 'in']);

/**
 * The names in an expression that is nothing but a way into a variable (`$states.input.order`), the variable's first;
 * undefined for any other expression. Most expressions are of this kind, and need not be parsed.
 */
export function plainPath(text: string): readonly string[] | undefined {
  if (known.has(text)) return known.get(text);
  if (known.size >= maxKnown) known.clear();
  const names = plain.test(text) ? text.slice(1).split('.') : undefined;
  const path = names?.some((name) => operators.has(name)) ? undefined : names;
  known.set(text, path);
  return path;
}

/**
 * What is at a path, where JSONata would find just that: undefined when anything is missing, or an array is on the way
 * or at the end, for which JSONata has rules of its own.
 */
export function valueAt(root: object, path: readonly string[]): Json | undefined {
  let value: unknown = root;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    // An own member; what is not JSON is told apart below.
    value = (value as Record<string, unknown>)[name];
  }
  // Scopes hold nothing but JSON.
  return Array.isArray(value) ? undefined : (value as Json | undefined);
}
