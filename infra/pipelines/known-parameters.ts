import * as z from 'zod/mini';
import { membersOf } from './schema-members.ts';

/**
 * Parameters as their schema reads them, with its defaults; a member that can't be read before the pipeline runs stays as it
 * was given.
 */
export function asFarAsKnown<Schema extends z.core.$ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  // What is known only later has another form than the schema says: whoever reads it is told so.
  return readable(schema, value) as z.output<Schema>;
}

function readable(schema: z.core.$ZodType, value: unknown): unknown {
  const read = z.safeParse(schema, value);
  if (read.success) return read.data;
  const members = membersOf(schema);
  if (!members || typeof value !== 'object' || value === null) return value;
  const known = Object.entries(members).map(([name, member]) => [name, readable(member, Reflect.get(value, name))]);
  return { ...value, ...Object.fromEntries(known) };
}
