import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import type { Occurrence } from './flatten.ts';

/** The paths that some patterns ask for, by their names. */
export interface PathTree {
  /** The path's place in the list, where one ends. */
  readonly place: number | undefined;
  readonly children: ReadonlyMap<string, PathTree>;
}

interface Branch {
  place: number | undefined;
  readonly children: Map<string, Branch>;
}

/** Makes the tree of a list of paths whose names are joined by dots. */
export function pathTree(paths: readonly string[]): PathTree {
  const root: Branch = { place: undefined, children: new Map() };
  for (const [place, path] of paths.entries()) {
    let at = root;
    for (const name of path.split('.')) {
      const next: Branch = at.children.get(name) ?? { place: undefined, children: new Map() };
      at.children.set(name, next);
      at = next;
    }
    at.place = place;
  }
  return root;
}

const outsideArrays: ReadonlyMap<number, number> = new Map();

/** The leaves of an event by a path's place in the tree's list. */
export type PlacedLeaves = readonly (readonly Occurrence[] | undefined)[];

/** `flattenEvent`, but for the leaves at the tree's paths alone: what no pattern asks for costs nothing. */
export function flattenAt(event: Json, tree: PathTree): PlacedLeaves {
  const flat: (Occurrence[] | undefined)[] = [];
  let arrayCount = 0;
  const visitMembers = (members: JsonObject, at: PathTree, elements: ReadonlyMap<number, number>): void => {
    for (const name in members) {
      const next = at.children.get(name) ?? (name.includes('.') ? descend(at, name) : undefined);
      if (next) visit(members[name] as Json, next, elements); // the name is a member's
    }
  };
  const visit = (value: Json, at: PathTree, elements: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      const array = arrayCount++;
      for (const [index, element] of value.entries()) visit(element, at, new Map(elements).set(array, index));
    } else if (isJsonObject(value)) {
      if (at.children.size > 0) visitMembers(value, at, elements);
    } else if (at.place !== undefined) {
      const known = flat[at.place];
      if (known) known.push({ leaf: value, elements });
      else flat[at.place] = [{ leaf: value, elements }];
    }
  };
  visit(event, tree, outsideArrays);
  return flat;
}

/** A name with dots is the same path as nested names. */
function descend(tree: PathTree, name: string): PathTree | undefined {
  let at: PathTree | undefined = tree;
  for (const part of name.split('.')) at = at?.children.get(part);
  return at;
}
