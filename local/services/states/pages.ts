import { AwsError } from '../../errors.ts';
import { validationError } from './errors.ts';

/** What a paged operation reads: `count` is one more than the page, to know whether another follows. */
export interface Page {
  readonly offset: number;
  readonly count: number;
  readonly size: number;
}

/**
 * The page that a request asks for: 100 items unless it says otherwise, at most 1,000 (documented for every list).
 * @throws AwsError `ValidationException` or `InvalidToken`
 */
export function pageOf(input: { maxResults?: number | undefined; nextToken?: string | undefined }): Page {
  const { maxResults = 0, nextToken } = input;
  if (maxResults < 0 || maxResults > 1_000) {
    throw validationError(
      `1 validation error detected: Value '${maxResults}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000`,
    );
  }
  const size = maxResults === 0 ? 100 : maxResults;
  return { offset: nextToken === undefined ? 0 : offsetOf(nextToken), count: size + 1, size };
}

/** The items of a page and, if more follow, the token for the next one. */
export function cutPage<Item>(page: Page, found: readonly Item[]): { items: Item[]; token: { nextToken?: string } } {
  const items = found.slice(0, page.size);
  if (found.length <= page.size) return { items, token: {} };
  return { items, token: { nextToken: Buffer.from(`states:${page.offset + page.size}`).toString('base64url') } };
}

function offsetOf(token: string): number {
  const [, digits] = /^states:(\d{1,12})$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (digits === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return Number(digits);
}
