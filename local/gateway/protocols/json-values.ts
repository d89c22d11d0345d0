import { JsonCodec } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { NumericValue } from '@smithy/core/serde';
import { AwsError } from '../../errors.ts';
import { readTimestampText } from './text-values.ts';

const maxDepth = 200;

/** `jsonName` traits rename members in REST-JSON only. */
export interface JsonOptions {
  readonly usesJsonNames: boolean;
}

/**
 * Reads a JSON body into SDK spelling: base64 becomes bytes, numbers and text become dates. A value of another type is
 * left as it is, for the schema check to name.
 * @throws AwsError SerializationException if the bytes are not JSON
 */
export function readJson(schema: NormalizedSchema, body: Uint8Array, options: JsonOptions): unknown {
  if (body.length === 0) return {};
  return fromJson(schema, parse(body), options, 0);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON in UTF-8');
  }
}

function fromJson(schema: NormalizedSchema, value: unknown, options: JsonOptions, depth: number): unknown {
  if (depth > maxDepth)
    throw new AwsError('SerializationException', `The body is nested deeper than ${maxDepth} levels`);
  if (schema.isListSchema() && Array.isArray(value)) {
    const member = schema.getValueSchema();
    return value.map((item: unknown) => fromJson(member, item, options, depth + 1));
  }
  if (isObject(value) && schema.isMapSchema()) {
    const member = schema.getValueSchema();
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fromJson(member, item, options, depth + 1)]),
    );
  }
  if (isObject(value) && schema.isStructSchema()) return structureFromJson(schema, value, options, depth);
  return leafFromJson(schema, value);
}

function structureFromJson(
  schema: NormalizedSchema,
  value: Record<string, unknown>,
  options: JsonOptions,
  depth: number,
): unknown {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const wireName = options.usesJsonNames ? String(member.getMergedTraits().jsonName ?? name) : name;
    if (Object.hasOwn(value, wireName)) result[name] = fromJson(member, value[wireName], options, depth + 1);
  }
  return result;
}

function leafFromJson(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isBlobSchema()) return typeof value === 'string' ? readBase64(value) : notThat(value);
  if (schema.isTimestampSchema() && typeof value === 'string') return readTimestampText(schema, value, 'epoch-seconds');
  if (schema.isBigDecimalSchema() && typeof value === 'number') return new NumericValue(String(value), 'bigDecimal');
  return value;
}

/** The schema check takes text for a blob; on the wire only base64 is one. */
function notThat(value: unknown): unknown {
  return typeof value === 'object' ? value : { value };
}

/**
 * Bytes from base64.
 * @throws AwsError SerializationException if it is not base64
 */
function readBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
    throw new AwsError('SerializationException', 'A blob is not base64');
  }
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const timestampFormat = { useTrait: true, default: 7 } as const;
const codecs = {
  withNames: new JsonCodec({ timestampFormat, jsonName: true }),
  plain: new JsonCodec({ timestampFormat, jsonName: false }),
};

/** Writes a value that has passed its schema as JSON text. */
export function writeJson(schema: NormalizedSchema, value: unknown, options: JsonOptions): string {
  if (schema.isUnitSchema()) return '{}';
  const serializer = (options.usesJsonNames ? codecs.withNames : codecs.plain).createSerializer();
  serializer.write(schema, value);
  return String(serializer.flush());
}
