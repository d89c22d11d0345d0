import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

/** How large all entries of a request may be together. */
export const largestEntriesBytes = 1_048_576;

/** How many levels a detail may have. */
export const mostLevels = 1000;

/** The documented size of an entry: 14 bytes for a time, and the UTF-8 bytes of its texts. */
export function entryBytes(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? '', 'utf8'), entry.Time ? 14 : 0);
}

/** Whether a value has objects and lists in each other over more levels than these. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
