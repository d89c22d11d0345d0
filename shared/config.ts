import * as z from 'zod/mini';
import { Misconfigured } from './errors.ts';
import { problemsOf } from './json.ts';

const text = z.string().check(z.minLength(1));

/** Every environment variable of Slipway's own functions; infra sets on a function only those that it reads. */
const variables = {
  /** The table's name. */
  SLIPWAY_TABLE: text,
  /** The name of the custom event bus. */
  SLIPWAY_BUS: text,
  /** The alias of the workflow in which long jobs wait; only with functions that start it. */
  SLIPWAY_JOB_MACHINE_ARN: text,
  /** Path of the SSM parameters of services, with a slash at both ends. */
  SLIPWAY_SERVICES_PREFIX: z.string().check(z.regex(/^\/.*\/$/)),
  /** ARN of the secret that signs a trigger's webhooks; one variable, because a receiver serves one trigger. */
  SLIPWAY_WEBHOOK_SECRET: text,
  /** ARN of the secret that holds the bearer token. */
  SLIPWAY_API_TOKEN_SECRET: text,
  /** Where the webhook channel posts; without it the channel is silent. */
  SLIPWAY_NOTIFY_WEBHOOK_URL: z.optional(z.url()),
} as const;

type Variables = typeof variables;
type VariableName = keyof Variables;

/** The values of the named variables. */
export type Config<Name extends VariableName> = { readonly [Key in Name]: z.infer<Variables[Key]> };

/**
 * Reads the named variables through their schemas.
 * @throws Misconfigured naming every variable that is missing or does not fit, never its value.
 */
export function readConfig<Name extends VariableName>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config<Name> {
  const picked = z.object(Object.fromEntries(names.map((name) => [name, variables[name]])));
  const read = picked.safeParse(environment);
  if (!read.success) {
    throw new Misconfigured(`environment of this function: ${problemsOf(read.error)}; deploy the stacks again`);
  }
  // The object schema was made of exactly these names' schemas.
  return read.data as Config<Name>;
}
