import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { attributeOf, type Attributes } from '../attribute-values.ts';

/** An attribute's name, then map keys and list indexes. */
export type DocumentPath = readonly [string, ...(string | number)[]];

/** The value that a path leads to; undefined if there is none. */
export function valueAt(item: Attributes, path: DocumentPath): AttributeValue | undefined {
  let value = attributeOf(item, path[0]);
  for (let i = 1; i < path.length && value !== undefined; i++) {
    const element = path[i];
    if (typeof element === 'number') value = value.L?.[element];
    else value = value.M && element !== undefined ? attributeOf(value.M, element) : undefined;
  }
  return value;
}
