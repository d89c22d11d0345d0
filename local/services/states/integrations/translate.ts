import type { NormalizedSchema } from '@smithy/core/schema';
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { runtimeError } from '../errors.ts';

/**
 * Arguments of a Task state (members in PascalCase) as the SDK takes them: names as in the model, dates, bytes.
 * @throws StateFailure `States.Runtime` for a member that the model does not have or a value of another type
 */
export function toSdk(schema: NormalizedSchema, value: Json, member = ''): unknown {
  if (value === null) return undefined;
  if (schema.isStructSchema()) return structToSdk(schema, value, member);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw mustBe(member, 'a LIST');
    return value.map((item) => toSdk(schema.getValueSchema(), item, member));
  }
  if (schema.isMapSchema()) {
    if (!isJsonObject(value)) throw mustBe(member, 'a MAP');
    const entries = Object.entries(value).map(([key, item]) => [key, toSdk(schema.getValueSchema(), item, key)]);
    return Object.fromEntries(entries);
  }
  return scalarToSdk(schema, value, member);
}

function structToSdk(schema: NormalizedSchema, value: Json, member: string): unknown {
  if (!isJsonObject(value)) throw mustBe(member, 'a STRUCTURE');
  const names = new Map([...schema.structIterator()].map(([name, shape]) => [pascal(name), [name, shape] as const]));
  const entries = Object.entries(value).map(([key, item]) => {
    const known = names.get(key);
    if (!known) throw doesNotFit(`The field "${key}" is not supported by Step Functions`);
    return [known[0], toSdk(known[1], item, key)];
  });
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

function scalarToSdk(schema: NormalizedSchema, value: Json, member: string): unknown {
  if (schema.isBlobSchema() || schema.isStreaming()) {
    return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
  }
  if (schema.isTimestampSchema()) return toDate(value, member);
  if (schema.isStringSchema()) {
    if (typeof value !== 'string') throw mustBe(member, 'a STRING');
  } else if (schema.isNumericSchema()) {
    if (typeof value !== 'number') throw mustBe(member, 'a NUMBER');
  } else if (schema.isBooleanSchema()) {
    if (typeof value !== 'boolean') throw mustBe(member, 'a BOOLEAN');
  }
  return value;
}

function toDate(value: Json, member: string): Date {
  const date = typeof value === 'number' ? new Date(value * 1_000) : new Date(typeof value === 'string' ? value : NaN);
  if (Number.isNaN(date.getTime())) throw mustBe(member, 'a TIMESTAMP');
  return date;
}

/** An answer of the SDK as a Task state sees it: members in PascalCase, dates as ISO texts, bytes as text. */
export function fromSdk(schema: NormalizedSchema, value: unknown): JsonObject {
  const json = valueFromSdk(schema, value);
  return isJsonObject(json) ? json : {};
}

function valueFromSdk(schema: NormalizedSchema, value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) {
    const items = schema.isListSchema() ? schema.getValueSchema() : schema;
    return value.map((item) => valueFromSdk(items, item));
  }
  if (typeof value === 'object') return objectFromSdk(schema, value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return Number(value);
}

function objectFromSdk(schema: NormalizedSchema, value: object): JsonObject {
  const present = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  if (schema.isStructSchema()) {
    const shapes = new Map(schema.structIterator());
    return Object.fromEntries(
      present.flatMap(([key, item]) => {
        const shape = shapes.get(key);
        return shape ? [[pascal(key), valueFromSdk(shape, item)] as const] : [];
      }),
    );
  }
  const values = schema.isMapSchema() ? schema.getValueSchema() : schema;
  return Object.fromEntries(present.map(([key, item]) => [key, valueFromSdk(values, item)] as const));
}

function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function mustBe(member: string, what: string): Error {
  return doesNotFit(`The value for the field '${member}' must be ${what}`);
}

// AWS quotes all the arguments here. A cause travels in events, and arguments may hold a task token, so we do not.
function doesNotFit(problem: string): Error {
  return runtimeError(`The Arguments could not be used to start the Task: [${problem}]`);
}
