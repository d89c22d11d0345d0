import { NumericValue } from '@smithy/core/serde';
import type { NormalizedSchema } from '@smithy/core/schema';
import { requiredMembers } from './service-schemas.ts';

/** Why a value does not fit its schema. */
export interface ValueProblem {
  readonly kind: 'missing' | 'type';
  /** Member names from the top, list positions in between (1-based, as in AWS's messages). */
  readonly path: readonly string[];
  /** For `type`: what the schema wants, and what came. */
  readonly expected?: string;
  readonly got?: string;
}

/** A value in SDK spelling that fits its schema (unknown members gone), or what is wrong with it. */
export interface CheckedValue {
  readonly value: unknown;
  readonly problems: readonly ValueProblem[];
}

const maxDepth = 200;
const maxProblems = 10;

/**
 * Checks required members and types, and drops members that the schema does not name. ISO strings and epoch seconds
 * stand for timestamps and text for blobs, as callers inside the process have JSON only. That a union has one member
 * is the handler's to check: DynamoDB documents an error of its own for it.
 */
export function checkValue(schema: NormalizedSchema, value: unknown): CheckedValue {
  const problems: ValueProblem[] = [];
  const checked = read(schema, value, { depth: 0, problems });
  return { value: checked, problems };
}

/** A place in the value. Its path is put together only for a problem: most values have none. */
interface Reading {
  readonly above?: Reading;
  readonly name?: string;
  readonly depth: number;
  readonly problems: ValueProblem[];
}

function read(schema: NormalizedSchema, value: unknown, at: Reading): unknown {
  if (schema.isUnitSchema()) return {};
  if (at.depth > maxDepth) return refuse(at, `at most ${maxDepth} levels`, value);
  if (schema.isStructSchema()) return readStructure(schema, value, at);
  if (schema.isListSchema()) return readList(schema, value, at);
  if (schema.isMapSchema()) return readMap(schema, value, at);
  return readLeaf(schema, value, at);
}

function readStructure(schema: NormalizedSchema, value: unknown, at: Reading): unknown {
  if (!isRecord(value)) return refuse(at, 'a structure', value);
  const required = requiredMembers(schema);
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const found = Object.hasOwn(value, name) ? value[name] : undefined;
    if (found !== undefined && found !== null) result[name] = read(member, found, below(at, name));
    else if (required.has(name)) report(at, { kind: 'missing', path: [...pathOf(at), name] });
  }
  return result;
}

function readList(schema: NormalizedSchema, value: unknown, at: Reading): unknown {
  if (!Array.isArray(value)) return refuse(at, 'a list', value);
  const member = schema.getValueSchema();
  const isSparse = Boolean(schema.getMergedTraits().sparse);
  return value.map((item: unknown, index) =>
    item === null && isSparse ? null : read(member, item, below(at, String(index + 1))),
  );
}

function readMap(schema: NormalizedSchema, value: unknown, at: Reading): unknown {
  if (!isRecord(value)) return refuse(at, 'a map', value);
  const member = schema.getValueSchema();
  const isSparse = Boolean(schema.getMergedTraits().sparse);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, item === null && isSparse ? null : read(member, item, below(at, key))]),
  );
}

function readLeaf(schema: NormalizedSchema, value: unknown, at: Reading): unknown {
  if (schema.isStringSchema()) return typeof value === 'string' ? value : refuse(at, 'a string', value);
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? value : refuse(at, 'a boolean', value);
  if (schema.isNumericSchema()) return Number.isFinite(value) ? value : refuse(at, 'a number', value);
  if (schema.isBlobSchema()) return readBlob(value, at);
  if (schema.isTimestampSchema()) return readTimestamp(value, at);
  if (schema.isBigIntegerSchema()) return isWhole(value) ? value : refuse(at, 'a whole number', value);
  if (schema.isBigDecimalSchema()) {
    return value instanceof NumericValue || Number.isFinite(value) ? value : refuse(at, 'a number', value);
  }
  return value;
}

function readBlob(value: unknown, at: Reading): unknown {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? new TextEncoder().encode(value) : refuse(at, 'bytes', value);
}

function readTimestamp(value: unknown, at: Reading): unknown {
  const date = typeof value === 'number' ? new Date(value * 1000) : typeof value === 'string' ? new Date(value) : value;
  return date instanceof Date && !Number.isNaN(date.getTime()) ? date : refuse(at, 'a timestamp', value);
}

function isWhole(value: unknown): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date)
  );
}

function below(at: Reading, name: string): Reading {
  return { above: at, name, depth: at.depth + 1, problems: at.problems };
}

function pathOf({ above, name }: Reading): string[] {
  return above && name !== undefined ? [...pathOf(above), name] : [];
}

function refuse(at: Reading, expected: string, value: unknown): undefined {
  report(at, { kind: 'type', path: pathOf(at), expected, got: kindOf(value) });
  return undefined;
}

function report(at: Reading, problem: ValueProblem): void {
  if (at.problems.length < maxProblems) at.problems.push(problem);
}

/** Names the kind of a value, never the value: it may be a secret. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Date) return 'a timestamp';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
