import type * as z from 'zod/mini';

/** The members of an object's schema, also of one that is optional or has a default; undefined for any other schema. */
export function membersOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const { type, shape } = definitionOf(schema);
  if (type === 'object') return shape;
  const inner = innerOf(schema);
  return inner && membersOf(inner);
}

/** True for an object's schema that knows the names of all members, and takes no other. */
export function isStrictObject(schema: z.core.$ZodType): boolean {
  const { type, catchall } = definitionOf(schema);
  if (type === 'object') return catchall !== undefined && definitionOf(catchall).type === 'never';
  const inner = innerOf(schema);
  return inner !== undefined && isStrictObject(inner);
}

/** The names of an object's members, or of those of each object of a union, optional or not. */
export function memberNamesOf(schema: z.core.$ZodType): readonly string[] {
  const { type, shape = {}, options = [] } = definitionOf(schema);
  if (type === 'object') return Object.keys(shape);
  const inner = innerOf(schema);
  return (inner ? [inner, ...options] : options).flatMap(memberNamesOf);
}

/** False for a schema that takes undefined. */
export function isRequired(schema: z.core.$ZodType): boolean {
  if (['optional', 'default', 'prefault', 'catch'].includes(definitionOf(schema).type)) return false;
  const inner = innerOf(schema);
  return inner === undefined || isRequired(inner);
}

/** True for a schema that takes text alone. */
export function isText(schema: z.core.$ZodType): boolean {
  const { type, values = [] } = definitionOf(schema);
  if (type === 'literal') return values.every((value) => typeof value === 'string');
  if (['string', 'enum', 'template_literal'].includes(type)) return true;
  const inner = innerOf(schema);
  return inner !== undefined && isText(inner);
}

/** True for a schema that takes text, numbers or truth values alone, and nothing that has parts. */
export function isScalar(schema: z.core.$ZodType): boolean {
  if (isText(schema) || ['literal', 'number', 'boolean'].includes(definitionOf(schema).type)) return true;
  const inner = innerOf(schema);
  return inner !== undefined && isScalar(inner);
}

/** What a schema of zod 4 is made of, mini or not ("Zod Core", docs of zod). */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  /** What a member is whose name the shape does not have. */
  readonly catchall?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly values?: readonly unknown[];
}

function definitionOf(schema: z.core.$ZodType): Definition {
  return schema._zod.def; // its declared type tells only what every schema has
}

/** What is optional, has a default, or is read by a pipe. */
function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { innerType, in: input } = definitionOf(schema);
  return innerType ?? input;
}
