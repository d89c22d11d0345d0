import type { Tag } from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { invalidArgument } from './errors.ts';

const maxObjectTags = 10;

/** Reads the `x-amz-tagging` header, `a=1&b=2`. */
export function parseTagging(header: string): Record<string, string> {
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  try {
    return readTags(tags);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'BadRequest') throw error;
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  }
}

/** Reads a tag set: at most ten, keys unique and 1 to 128 characters, values up to 256. */
export function readTags(tags: readonly Tag[]): Record<string, string> {
  if (tags.length > maxObjectTags) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10');
  const read = new Map<string, string>();
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length < 1 || Key.length > 128 || read.has(Key)) {
      throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid', { members: { TagKey: Key } });
    }
    if (Value.length > 256) {
      throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid', { members: { TagKey: Key } });
    }
    read.set(Key, Value);
  }
  return Object.fromEntries(read);
}

/** Tags as the API lists them. */
export function tagSet(tags: Readonly<Record<string, string>> | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}
