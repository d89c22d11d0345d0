import type { NormalizedSchema } from '@smithy/core/schema';
import { dateToUtcString, parseRfc3339DateTimeWithOffset, parseRfc7231DateTime, splitHeader } from '@smithy/core/serde';

/** How a protocol writes a time where the schema does not say. */
export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** Reads text (a form field, a header, a label) as the schema's type; what does not read stays text, for the check. */
export function readText(schema: NormalizedSchema, text: string, timestamps: TimestampFormat): unknown {
  if (schema.isNumericSchema()) return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : text;
  if (schema.isBooleanSchema()) return text === 'true' ? true : text === 'false' ? false : text;
  if (schema.isTimestampSchema()) return readTimestampText(schema, text, timestamps);
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, 'base64'));
  if (schema.isListSchema())
    return splitHeader(text).map((part) => readText(schema.getValueSchema(), part, timestamps));
  return text;
}

/** A date from text, or the bytes of nothing readable as they came. */
export function readTimestampText(schema: NormalizedSchema, text: string, otherwise: TimestampFormat): unknown {
  try {
    return parseDate(timestampFormat(schema, otherwise), text) ?? unreadable(text);
  } catch {
    return unreadable(text);
  }
}

function parseDate(format: TimestampFormat, text: string): Date | undefined {
  if (format === 'epoch-seconds') return text.trim() === '' ? undefined : new Date(Number(text) * 1000);
  return format === 'date-time' ? parseRfc3339DateTimeWithOffset(text) : parseRfc7231DateTime(text);
}

/** The schema check takes any date text; on the wire it must have the protocol's format. */
function unreadable(text: string): unknown {
  return { text };
}

/** Writes a header's value. */
export function writeText(schema: NormalizedSchema, value: unknown, timestamps: TimestampFormat): string {
  if (value instanceof Date) return writeDate(timestampFormat(schema, timestamps), value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((item) => writeText(schema, item, timestamps)).join(',');
  return String(value);
}

function writeDate(format: TimestampFormat, value: Date): string {
  if (format === 'epoch-seconds') return String(value.getTime() / 1000);
  return format === 'http-date' ? dateToUtcString(value) : value.toISOString().replace('.000Z', 'Z');
}

/** Schema type codes of the SDK: 5 date-time, 6 http-date, 7 epoch-seconds, 4 whatever the protocol says. */
const formatOfType: Readonly<Record<number, TimestampFormat>> = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };

function timestampFormat(schema: NormalizedSchema, otherwise: TimestampFormat): TimestampFormat {
  const type: unknown = schema.getSchema();
  return (typeof type === 'number' ? formatOfType[type] : undefined) ?? otherwise;
}
