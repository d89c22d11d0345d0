import type { JsonObject } from '../../../json.ts';
import { invalidParameter } from '../function-reference.ts';

/** A property that a template must give as text (or a number, as versions may be written). */
export function required(properties: JsonObject, name: string): string {
  const value = properties[name];
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw invalidParameter(`${name} is missing`);
}
