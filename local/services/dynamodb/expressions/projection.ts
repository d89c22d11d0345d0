import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { attributeOf, emptyAttributes, type Attributes } from '../attribute-values.ts';
import type { DocumentPath } from './document-path.ts';

/** Paths as a tree: what is asked of a value's children. A node without children asks for the whole value. */
export interface Projection {
  readonly children: ReadonlyMap<string | number, Projection>;
}

/** Makes the tree of some paths, none of which overlaps another. */
export function projectionOf(paths: readonly DocumentPath[]): Projection {
  const root = { children: new Map<string | number, Projection>() };
  for (const path of paths) {
    let { children } = root;
    for (const element of path) {
      const next = children.get(element) ?? { children: new Map<string | number, Projection>() };
      children.set(element, next);
      // Every node of this tree was made two lines above.
      children = next.children as Map<string | number, Projection>;
    }
  }
  return root;
}

/** The part of an item that a projection asks for; list elements close up, in their order. */
export function project(item: Attributes, projection: Projection): Attributes {
  const projected = emptyAttributes();
  for (const [name, child] of projection.children) {
    const value = typeof name === 'string' ? attributeOf(item, name) : undefined;
    const part = value && projectValue(value, child);
    if (part) projected[String(name)] = part;
  }
  return projected;
}

function projectValue(value: AttributeValue, projection: Projection): AttributeValue | undefined {
  if (projection.children.size === 0) return value;
  if (value.M) {
    const map = project(value.M, projection);
    return Object.keys(map).length > 0 ? { M: map } : undefined;
  }
  const list = value.L?.flatMap((element, i) => {
    const child = projection.children.get(i);
    const part = child && projectValue(element, child);
    return part ? [part] : [];
  });
  return list && list.length > 0 ? { L: list } : undefined;
}

/** The names of the attributes that a projection touches. */
export function projectedNames(projection: Projection): string[] {
  return [...projection.children.keys()].map(String);
}

/** A path for every attribute of a projection, two elements long where it asks for parts of the value. */
export function projectedPaths(projection: Projection): DocumentPath[] {
  return [...projection.children].map(([name, { children }]) => [String(name), ...[...children.keys()].slice(0, 1)]);
}
