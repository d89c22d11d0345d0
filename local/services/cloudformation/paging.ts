import { validationError } from './errors.ts';

const pageSize = 100;

/** A page of a list; the token is the place of the next one. */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | undefined,
): { items: Item[]; token: { NextToken?: string } } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0) throw validationError('NextToken is not valid.');
  const end = from + pageSize;
  const next = Buffer.from(String(end), 'utf8').toString('base64url');
  return { items: items.slice(from, end), token: end < items.length ? { NextToken: next } : {} };
}
