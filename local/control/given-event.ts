import * as z from 'zod';
import { isTooDeep, LocalCloudError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { entryBytes, isDeeperThan, largestEntriesBytes, mostLevels } from '../services/events/entry-limits.ts';
import type { ServiceEvent } from '../services/service-module.ts';

const json: z.ZodType<Json> = z.json();
const detail: z.ZodType<JsonObject> = z.record(z.string(), json);

const schema = z.strictObject({
  version: z.literal('0').optional(),
  id: z.string().min(1).optional(),
  'detail-type': z.string().min(1).max(128),
  source: z.string().min(1),
  account: z
    .string()
    .regex(/^\d{12}$/, 'an account is 12 digits')
    .optional(),
  time: z.iso.datetime({ offset: true }).optional(),
  region: z.string().min(1).optional(),
  resources: z.array(z.string()).default([]),
  detail,
});

/**
 * Reads an event as a person gives it: as AWS documents or sent it, or without what the bus adds.
 * @throws LocalCloudError naming the member that is wrong
 */
export function readGivenEvent(value: unknown): ServiceEvent {
  const read = parse(value);
  if (!read.success) throw new LocalCloudError(`not an event: ${problemsOf(read.error)}. ${whatIsOne(value)}`);
  refuseTooLarge(read.data);
  const { version: _always, id, account, time, region, ...rest } = read.data;
  return {
    ...rest,
    ...(id !== undefined && { id }),
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    ...(time !== undefined && { time: `${new Date(time).toISOString().slice(0, 19)}Z` }),
  };
}

/** No bus carries more, whoever puts the event. */
function refuseTooLarge({ source, 'detail-type': type, detail, resources, time }: z.infer<typeof schema>): void {
  const Time = time === undefined ? undefined : new Date(time);
  const bytes = entryBytes({
    Source: source,
    DetailType: type,
    Detail: JSON.stringify(detail),
    Resources: resources,
    Time,
  });
  if (bytes > largestEntriesBytes) {
    throw new LocalCloudError(
      `not an event: it has ${bytes} bytes, PutEvents takes ${largestEntriesBytes} (source, detail-type, detail and resources); shorten it`,
    );
  }
  if (!isDeeperThan(detail, mostLevels)) return;
  throw new LocalCloudError(
    `not an event: its detail is nested too deeply, PutEvents takes ${mostLevels} levels; flatten it`,
  );
}

function parse(value: unknown): ReturnType<typeof schema.safeParse> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (isTooDeep(error)) throw new LocalCloudError('not an event: it is nested too deeply');
    throw error;
  }
}

function problemsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ');
}

function whatIsOne(value: unknown): string {
  if (isJsonObject(value) && ('DetailType' in value || 'Entries' in value)) {
    return 'These are members of PutEvents; "aws events put-events" takes them.';
  }
  return (
    'An event has source, detail-type and detail (an object), and may have resources, time, id, account, region and ' +
    'version "0"'
  );
}
