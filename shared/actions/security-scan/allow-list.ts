import * as z from 'zod/mini';
import { ActionFailed } from '../result.ts';
import { allowEntrySchema, type AllowEntry } from './declaration.ts';
import type { Finding } from './finding.ts';

/** Reads an allow-list from a file: JSON, a list of entries. @throws ActionFailed ConfigurationError if it is none */
export function readAllowList(text: string, path: string): AllowEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ActionFailed('ConfigurationError', `allow-list ${path} is not JSON`, { cause });
  }
  const read = z.array(allowEntrySchema).safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new ActionFailed(
    'ConfigurationError',
    `allow-list ${path}: ${issue?.path.join('.') || 'its root'}: ${issue?.message ?? 'is not allowed'}`,
  );
}

/** Whether the entry is for a finding, whatever the day. */
export function isFor(entry: AllowEntry, { rule, aliases, within }: Finding): boolean {
  const { finding, in: place } = entry;
  if (finding !== rule && !aliases.includes(finding)) return false;
  return (
    place === undefined || within.some((name) => name === place || name.startsWith(`${place.replace(/\/$/, '')}/`))
  );
}

/** Whether the entry no longer holds on a day, `2026-01-31`. */
export function isExpired({ expires }: AllowEntry, day: string): boolean {
  return expires < day;
}
