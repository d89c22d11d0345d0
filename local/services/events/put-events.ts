import { randomUUID } from 'node:crypto';
import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { entryBytes, isDeeperThan, largestEntriesBytes, mostLevels } from './entry-limits.ts';
import { eventTime, type BusEvent } from './event.ts';
import type { EventsState } from './events-state.ts';

const maximumEntries = 10;

/**
 * Takes up to ten events. What is wrong with one entry fails that entry and not the others; all that is right is
 * published in one transaction.
 */
export function putEvents(request: PutEventsRequest, state: EventsState): PutEventsResponse {
  const entries = request.Entries ?? [];
  checkRequest(entries);
  const results = state.context.store.transaction(() => entries.map((entry) => putEntry(entry, state)));
  return { FailedEntryCount: results.filter(({ ErrorCode: code }) => code !== undefined).length, Entries: results };
}

function checkRequest(entries: readonly PutEventsRequestEntry[]): void {
  if (entries.length === 0 || entries.length > maximumEntries) {
    const bound = entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${maximumEntries}`;
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes > largestEntriesBytes) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
}

function putEntry(entry: PutEventsRequestEntry, state: EventsState): PutEventsResultEntry {
  const { Source: source, DetailType: type, Detail: detailText } = entry;
  if (!source) return invalidArgument('Source', 'Source is a required argument.');
  if (!type) return invalidArgument('DetailType', 'DetailType is a required argument.');
  if (!detailText) return invalidArgument('Detail', 'Detail is a required argument.');
  if (type.length > 128) return invalidArgument('DetailType', 'DetailType must be at most 128 characters in length.');
  if (/^aws\./.test(source)) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = parseDetail(detailText);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const id = randomUUID();
  const { context } = state;
  const event: BusEvent = {
    version: '0',
    id,
    'detail-type': type,
    source,
    account: context.account,
    time: eventTime(entry.Time?.getTime() ?? context.clock.nowMs()),
    region: context.region,
    resources: entry.Resources ?? [],
    detail,
  };
  const bus = state.buses.find(entry.EventBusName);
  // AWS answers an id for a bus that does not exist, and drops the event; at least the person is told.
  if (bus) state.publish(event, bus.name);
  else context.report(`event ${type} of ${source} was put on bus ${entry.EventBusName}, which does not exist: dropped`);
  return { EventId: id };
}

function invalidArgument(parameter: string, reason: string): PutEventsResultEntry {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${reason}` };
}

function parseDetail(text: string): JsonObject | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return isJsonObject(detail) && !isDeeperThan(detail, mostLevels) ? detail : undefined;
  } catch {
    return undefined;
  }
}
