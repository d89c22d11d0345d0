/** What is said, to the person and to the caller, when nothing can be written any more. */
export const fullDiskText = 'the disk is full; free some space, and the local cloud goes on by itself';

/** Whether something failed because the disk, or what may be used of it, is full: SQLite's error 13, or a file's. */
export function isFullDisk(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if ('errcode' in cause && cause.errcode === sqliteFull) return true;
  return 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}

/** https://www.sqlite.org/rescode.html#full */
const sqliteFull = 13;

/** Why something failed, for the person: a full disk in one sentence, anything else with its stack. */
export function failureText(cause: unknown): string {
  if (isFullDisk(cause)) return fullDiskText;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/**
 * Writes a line of a log, which nothing depends on: on a full disk the line is lost, as it is on AWS when its logs are
 * not reachable, and what it tells of goes on.
 */
export function writeIfSpace(write: () => void): void {
  try {
    write();
  } catch (cause) {
    if (!isFullDisk(cause)) throw cause;
  }
}
