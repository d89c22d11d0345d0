import jsonata from 'jsonata';
import * as z from 'zod';

const stateSchema = z.looseObject({
  Type: z.string(),
  Comment: z.string().optional(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.union([z.number(), z.string()]).optional(),
  Retry: z.array(z.looseObject({ MaxAttempts: z.number(), ErrorEquals: z.array(z.string()) })).optional(),
  Catch: z.array(z.looseObject({ ErrorEquals: z.array(z.string()), Next: z.string() })).optional(),
  Arguments: z.record(z.string(), z.unknown()).optional(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.looseObject({ Condition: z.string(), Next: z.string() })).optional(),
});

/** A state, as far as the tests of definitions read it. */
export type State = z.infer<typeof stateSchema>;

const machineSchema = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), stateSchema) });

/** Reads a definition. */
export function readMachine(text: string): z.infer<typeof machineSchema> {
  return machineSchema.parse(JSON.parse(text));
}

/** Evaluates every expression in a state's member, with these variables. */
export async function evaluate(value: unknown, variables: Record<string, unknown>): Promise<unknown> {
  if (typeof value === 'string') {
    const [, expression] = /^\{%(.*)%\}$/s.exec(value) ?? [];
    return expression === undefined ? value : jsonata(expression).evaluate({}, variables);
  }
  if (Array.isArray(value)) return Promise.all(value.map((one) => evaluate(one, variables)));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(async ([name, one]) => [name, await evaluate(one, variables)] as const);
  return Object.fromEntries(await Promise.all(members));
}
