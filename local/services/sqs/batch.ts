import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';

const maxCount = 10;

/** What became of each entry of a batch. */
export interface BatchResult<Success> {
  readonly Successful: Success[];
  readonly Failed: BatchResultErrorEntry[];
}

/**
 * Does each entry of a batch by itself.
 * @throws AwsError for a batch that is empty, too long, or whose ids are not distinct or not ids
 */
export function runBatch<Entry extends { readonly Id?: string | undefined }, Success>(
  entries: readonly Entry[] | undefined,
  run: (entry: Entry, id: string) => Success,
): BatchResult<Success> {
  const ids = checkEntries(entries ?? []);
  const result: BatchResult<Success> = { Successful: [], Failed: [] };
  for (const [index, entry] of (entries ?? []).entries()) {
    const Id = ids[index] ?? '';
    try {
      result.Successful.push(run(entry, Id));
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      result.Failed.push({ Id, SenderFault: cause.httpStatus < 500, Code: cause.code, Message: cause.message });
    }
  }
  return result;
}

function checkEntries(entries: readonly { readonly Id?: string | undefined }[]): string[] {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > maxCount) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maxCount}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map(({ Id = '' }) => Id);
  if (!ids.every((id) => /^[A-Za-z0-9_-]{1,80}$/.test(id))) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  return ids;
}
