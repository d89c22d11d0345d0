import { invalidParameter } from './function-reference.ts';

/** The page size where the caller names none, and the largest that is answered. */
const maxPageSize = 50;

/**
 * One page of a list; the marker is the key of the last one on the page before.
 * @throws AwsError `InvalidParameterValueException` for a marker that no page has given
 */
export function toPage<T>(
  all: readonly T[],
  {
    key,
    marker,
    size = maxPageSize,
  }: { key: (item: T) => string; marker?: string | undefined; size?: number | undefined },
): { page: readonly T[]; next: { NextMarker?: string } } {
  const before = marker ? all.findIndex((item) => key(item) === marker) : -1;
  if (marker && before < 0) throw invalidParameter(`Marker ${marker} is not one that a page has given`);
  const page = all.slice(before + 1, before + 1 + Math.min(size, maxPageSize));
  const last = page.at(-1);
  const isMore = before + 1 + page.length < all.length;
  return { page, next: last !== undefined && isMore ? { NextMarker: key(last) } : {} };
}
