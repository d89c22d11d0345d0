import * as z from 'zod/mini';
import type { Component } from '../components/component.ts';

const severitySchema = z.array(z.object({ type: z.string(), score: z.string() }));
const specificSchema = z.nullish(z.record(z.string(), z.unknown()));

const rangeSchema = z.object({
  type: z.string(),
  events: z._default(
    z.array(
      z.object({
        introduced: z.optional(z.string()),
        fixed: z.optional(z.string()),
        last_affected: z.optional(z.string()),
        limit: z.optional(z.string()),
      }),
    ),
    [],
  ),
});

const affectedSchema = z.object({
  package: z.optional(z.object({ ecosystem: z.string(), name: z.string() })),
  severity: z.nullish(severitySchema),
  ranges: z.nullish(z.array(rangeSchema)),
  versions: z.nullish(z.array(z.string())),
  database_specific: specificSchema,
});

/** A record in OSV's format (ossf.github.io/osv-schema), as far as it is used. */
export const advisorySchema = z.object({
  id: z.string().check(z.minLength(1)),
  aliases: z.nullish(z.array(z.string())),
  withdrawn: z.nullish(z.string()),
  summary: z.nullish(z.string()),
  severity: z.nullish(severitySchema),
  affected: z.nullish(z.array(affectedSchema)),
  database_specific: specificSchema,
});

/** What is known of one vulnerability. */
export type Advisory = z.infer<typeof advisorySchema>;

/** What an advisory says of one package. */
export type Affected = z.infer<typeof affectedSchema>;

/** A range of versions in an advisory. */
export type VersionRange = z.infer<typeof rangeSchema>;

/** An advisory that applies to a component. */
export interface Advised {
  readonly component: Component;
  readonly advisory: Advisory;
  /** False if the versions can't be compared. */
  readonly isCertain: boolean;
}

/** What a look at the advisories gave. */
export interface Advice {
  readonly advised: readonly Advised[];
  /** Components that were not looked up, with the reason. */
  readonly unchecked: readonly string[];
}

/** Where advisories come from. */
export interface AdvisorySource {
  /** @throws ActionFailed if they can't be had: none are not taken for an all-clear */
  look(components: readonly Component[], signal: AbortSignal): Promise<Advice>;
}
