import type { Store } from '../../store/store.ts';
import { versionOf, type ObjectVersion, type VersionRow } from './versions.ts';

/** What a listing asks for. */
export interface ListingQuery {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty: nothing is rolled up. */
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Where the page begins. */
  readonly from: Position;
  /** Every version and delete marker, or only what a read without a version sees. */
  readonly isOfVersions: boolean;
}

/** A place in a listing: right after a version of a key, or at a key. */
export interface Position {
  readonly key: string;
  /** Absent: the key itself is included, with all its versions. */
  readonly afterSequence?: number;
}

/** One page: keys and rolled-up prefixes count alike. */
export interface Page {
  readonly versions: readonly ObjectVersion[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last entry of a page that is not the last one. */
  readonly last?: { readonly version: ObjectVersion } | { readonly commonPrefix: string };
}

/** The position behind all keys that begin with `prefix`. */
export function behindPrefix(prefix: string): Position {
  return { key: successorOf(prefix) ?? endOfKeys };
}

/** The position behind all versions of a key. */
export function behindKey(key: string): Position {
  return { key, afterSequence: 0 };
}

/** Beyond the last key: U+10FFFF is not a character, and the longest key has 1,024 bytes. */
const endOfKeys = '\u{10FFFF}'.repeat(257);

/**
 * Reads one page in the order of the keys' UTF-8 bytes, newest version first. A rolled-up prefix costs one look, however
 * many keys it stands for.
 */
export function listPage(store: Store, query: ListingQuery): Page {
  const versions: ObjectVersion[] = [];
  const commonPrefixes: string[] = [];
  let last: Page['last'];
  let { from } = query;
  if (query.maxKeys === 0) return { versions, commonPrefixes, isTruncated: false };
  for (;;) {
    const rows = readRows(store, query, from);
    for (const version of rows) {
      const isFull = versions.length + commonPrefixes.length === query.maxKeys;
      if (isFull) return { versions, commonPrefixes, isTruncated: true, ...(last && { last }) };
      const commonPrefix = commonPrefixOf(version.key, query);
      if (commonPrefix !== undefined) {
        commonPrefixes.push(commonPrefix);
        last = { commonPrefix };
        from = behindPrefix(commonPrefix);
        break;
      }
      versions.push(version);
      last = { version };
      from = { key: version.key, afterSequence: version.sequence };
    }
    if (rows.length === 0) return { versions, commonPrefixes, isTruncated: false };
  }
}

/** What a key is rolled up to: from its start to the first delimiter behind the prefix. */
export function commonPrefixOf(
  key: string,
  { prefix, delimiter }: Pick<ListingQuery, 'prefix' | 'delimiter'>,
): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function readRows(store: Store, query: ListingQuery, from: Position): ObjectVersion[] {
  // With a delimiter the next row is often rolled up and the rest of the rows read in vain.
  const limit = query.delimiter === '' ? query.maxKeys + 1 : 32;
  const visible = query.isOfVersions ? '' : 'AND is_latest = 1 AND is_delete_marker = 0';
  const rows = store
    .statement(
      `SELECT * FROM s3_versions WHERE bucket = ?1 AND key >= ?2 AND (key > ?2 OR sequence < ?3) AND key >= ?4 AND key < ?5
         ${visible} ORDER BY key, sequence DESC LIMIT ?6`,
    )
    .all(
      query.bucket,
      from.key,
      from.afterSequence ?? Number.MAX_SAFE_INTEGER,
      query.prefix,
      successorOf(query.prefix) ?? endOfKeys,
      limit,
    );
  // The columns are STRICT and written only by the service.
  return (rows as unknown as VersionRow[]).map(versionOf);
}

/** The first string, in UTF-8 order, behind all that begin with `prefix`; undefined if there is no end to them. */
function successorOf(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    if (last >= 0x10ffff) continue;
    // The code points of surrogates are no characters.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}
