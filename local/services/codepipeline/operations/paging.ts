import { AwsError } from '../../../errors.ts';

/** One page of a list. */
export interface Page<T> {
  readonly items: T[];
  /** What fetches the next page; absent after the last item. */
  readonly nextToken?: string;
}

/**
 * Cuts a page of `size` from `items`, which follow the position that a token named.
 * @param positionOf an item's position, which the next token carries
 */
export function cutPage<T>(items: readonly T[], size: number, positionOf: (item: T) => string | number): Page<T> {
  const page = items.slice(0, size);
  const last = page.at(-1);
  if (last === undefined || items.length <= size) return { items: page };
  return { items: page, nextToken: Buffer.from(JSON.stringify([positionOf(last)])).toString('base64url') };
}

/**
 * The position that a token of `cutPage` carries; undefined without a token.
 * @throws AwsError `InvalidNextTokenException`
 */
export function readPosition<Kind extends 'string' | 'number'>(
  token: string | undefined,
  kind: Kind,
): (Kind extends 'string' ? string : number) | undefined {
  if (token === undefined) return undefined;
  const position = parse(token);
  if (typeof position !== kind) throw new AwsError('InvalidNextTokenException', 'The next token is not valid');
  // Its type was compared with `kind` on the line above.
  return position as Kind extends 'string' ? string : number;
}

function parse(token: string): unknown {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(read) ? read[0] : undefined;
  } catch {
    return undefined;
  }
}
