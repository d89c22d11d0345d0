import { isJsonObject, type Json } from '../../../json.ts';
import type { Leaf } from './matchers.ts';

/** A leaf of an event with the array elements it lies in: array number to index. */
export interface Occurrence {
  readonly leaf: Leaf;
  readonly elements: ReadonlyMap<number, number>;
}

/** The leaves of an event by path; names joined by dots. Empty objects and arrays leave nothing. */
export type FlatEvent = ReadonlyMap<string, readonly Occurrence[]>;

const outsideArrays: ReadonlyMap<number, number> = new Map();

/** Flattens an event once, for all patterns that are matched against it. */
export function flattenEvent(event: Json): FlatEvent {
  const flat = new Map<string, Occurrence[]>();
  let arrayCount = 0;
  const visit = (value: Json, path: string, elements: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      const array = arrayCount++;
      for (const [index, element] of value.entries()) visit(element, path, new Map(elements).set(array, index));
    } else if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value))
        visit(member, path === '' ? name : `${path}.${name}`, elements);
    } else {
      const occurrence = { leaf: value, elements };
      const known = flat.get(path);
      if (known) known.push(occurrence);
      else flat.set(path, [occurrence]);
    }
  };
  visit(event, '', outsideArrays);
  return flat;
}
