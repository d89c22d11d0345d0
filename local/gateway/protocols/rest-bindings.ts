import type { NormalizedSchema } from '@smithy/core/schema';
import type { OperationSchema } from '../schema/service-schemas.ts';
import type { WireRequest, WireResponse } from '../service.ts';
import { structureOf } from './synthetic-structure.ts';
import { readText, writeText, type TimestampFormat } from './text-values.ts';

/** How a REST protocol writes bodies. */
export interface BodyFormat {
  readonly contentType: string;
  readonly bodyTimestamps: TimestampFormat;
  /** Reads a body as the schema's value. */
  read(schema: NormalizedSchema, body: Uint8Array): unknown;
  write(schema: NormalizedSchema, value: unknown): string;
}

/** Collects an operation's input from where its schema says: path labels, query, headers, body. */
export function readBindings(
  operation: OperationSchema,
  labels: ReadonlyMap<string, string>,
  request: WireRequest,
  format: BodyFormat,
): unknown {
  if (operation.input.isUnitSchema()) return {};
  const query = new URLSearchParams(request.query);
  const input: Record<string, unknown> = {};
  const inBody: [string, NormalizedSchema][] = [];
  for (const [name, member] of operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpPayload) input[name] = readPayload(member, request.body, format);
    else if (isBound(member)) input[name] = readBound(name, member, { labels, query, headers: request.headers });
    else inBody.push([name, member]);
  }
  if (inBody.length > 0) {
    const body = format.read(structureOf(operation.input, inBody), request.body);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
    return { ...input, ...body };
  }
  return input;
}

/** Whether a member travels outside the body. */
function isBound(member: NormalizedSchema): boolean {
  const traits = member.getMergedTraits();
  return Boolean(
    traits.httpLabel ||
    traits.httpQuery ||
    traits.httpQueryParams ||
    traits.httpHeader ||
    traits.httpResponseCode ||
    typeof traits.httpPrefixHeaders === 'string',
  );
}

function readPayload(member: NormalizedSchema, body: Uint8Array, format: BodyFormat): unknown {
  if (member.isBlobSchema()) return member.isStreaming() || body.length > 0 ? body : undefined;
  if (body.length === 0) return undefined;
  return member.isStringSchema() ? Buffer.from(body).toString() : format.read(member, body);
}

/** Where members travel outside the body. */
interface RequestHead {
  readonly labels: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly headers: WireRequest['headers'];
}

function readBound(name: string, member: NormalizedSchema, { labels, query, headers }: RequestHead): unknown {
  const { httpLabel, httpQuery, httpHeader, httpQueryParams, httpPrefixHeaders } = member.getMergedTraits();
  if (httpLabel) return readOptional(member, labels.get(name), 'date-time');
  if (typeof httpQuery === 'string') return readQuery(member, query.getAll(httpQuery));
  if (typeof httpHeader === 'string') return readOptional(member, headers[httpHeader.toLowerCase()], 'http-date');
  if (typeof httpPrefixHeaders === 'string') return withPrefix(headers, httpPrefixHeaders.toLowerCase());
  return httpQueryParams ? Object.fromEntries(query) : undefined;
}

function readQuery(member: NormalizedSchema, values: readonly string[]): unknown {
  const [first] = values;
  if (first === undefined) return undefined;
  if (!member.isListSchema()) return readText(member, first, 'date-time');
  return values.map((value) => readText(member.getValueSchema(), value, 'date-time'));
}

function readOptional(member: NormalizedSchema, text: string | undefined, timestamps: TimestampFormat): unknown {
  return text === undefined ? undefined : readText(member, text, timestamps);
}

function withPrefix(headers: WireRequest['headers'], prefix: string): Record<string, string> {
  const matching = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(matching.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Spreads an output over status, headers and body. */
export function writeBindings(
  schema: NormalizedSchema,
  output: unknown,
  status: number,
  format: BodyFormat,
): WireResponse {
  if (schema.isUnitSchema()) return { status, headers: {}, body: '' };
  // Outputs have passed the operation's schema: a structure is an object.
  const values = output as Readonly<Record<string, unknown>>;
  const headers: Record<string, string> = {};
  const inBody: [string, NormalizedSchema][] = [];
  let body: Uint8Array | string | undefined;
  let actualStatus = status;
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    const value = values[name];
    if (!traits.httpPayload && !isBound(member)) inBody.push([name, member]);
    else if (value === undefined) continue;
    else if (traits.httpPayload) body = writePayload(member, value, headers, format);
    else if (traits.httpResponseCode) actualStatus = Number(value);
    else writeHeader(member, value, headers);
  }
  if (inBody.length > 0) {
    headers['content-type'] ??= format.contentType;
    body = format.write(structureOf(schema, inBody), values);
  }
  return { status: actualStatus, headers, body: body ?? '' };
}

function writePayload(
  member: NormalizedSchema,
  value: unknown,
  headers: Record<string, string>,
  format: BodyFormat,
): Uint8Array | string {
  if (value instanceof Uint8Array) {
    headers['content-type'] ??= format.contentType === 'application/json' ? 'application/json' : 'binary/octet-stream';
    return value;
  }
  if (typeof value === 'string') return value;
  headers['content-type'] ??= format.contentType;
  return format.write(member, value);
}

function writeHeader(member: NormalizedSchema, value: unknown, headers: Record<string, string>): void {
  const { httpHeader, httpPrefixHeaders } = member.getMergedTraits();
  if (typeof httpHeader === 'string')
    headers[httpHeader.toLowerCase()] = headerSafe(writeText(member, value, 'http-date'));
  if (typeof httpPrefixHeaders !== 'string' || typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    headers[`${httpPrefixHeaders}${key}`.toLowerCase()] = headerSafe(String(item));
  }
}

/** A header cannot carry control characters; what put them there is not to split the response. */
function headerSafe(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}
