import { NormalizedSchema } from '@smithy/core/schema';
import type { ServiceApi } from '../service.ts';

/** One operation of a service, read from the SDK client's schema `[9, namespace, name, traits, input, output]`. */
export interface OperationSchema {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, URI template and success status, for the REST protocols. */
  readonly http: readonly [method: string, uri: string, status: number] | undefined;
}

/** What the SDK client says about a service. */
export interface ServiceSchemas {
  readonly operations: ReadonlyMap<string, OperationSchema>;
  /** Modelled exceptions by shape name. */
  readonly errors: ReadonlyMap<string, NormalizedSchema>;
  /** Whether the service spoke the query protocol before (SQS): its JSON errors carry the old codes in a header. */
  readonly isQueryCompatible: boolean;
}

const known = new WeakMap<ServiceApi, ServiceSchemas>();

/** The schemas behind a service, indexed once. */
export function serviceSchemas(api: ServiceApi): ServiceSchemas {
  const found = known.get(api);
  if (found) return found;
  const built = indexSchemas(api);
  known.set(api, built);
  return built;
}

function indexSchemas(api: ServiceApi): ServiceSchemas {
  const operations = new Map<string, OperationSchema>();
  const errors = new Map<string, NormalizedSchema>();
  for (const [exported, schema] of Object.entries(api.schemas)) {
    if (!exported.endsWith('$') || !Array.isArray(schema)) continue;
    if (schema[0] === 9) operations.set(String(schema[2]), operationOf(schema));
    // The synthetic base exception of a client is not one that a service answers.
    if (schema[0] === -3 && !String(schema[1]).startsWith('smithy.ts.sdk'))
      errors.set(String(schema[2]), normalized(schema));
  }
  const isQueryCompatible =
    api.protocol.kind === 'json' && [...errors.values()].some((error) => awsQueryError(error) !== undefined);
  return { operations, errors, isQueryCompatible };
}

function operationOf(schema: readonly unknown[]): OperationSchema {
  const [, , name, traits, input, output] = schema;
  return {
    name: String(name),
    input: normalized(input),
    output: normalized(output),
    http: httpOf(traits),
  };
}

function httpOf(traits: unknown): OperationSchema['http'] {
  if (typeof traits !== 'object' || traits === null || !('http' in traits) || !Array.isArray(traits.http)) {
    return undefined;
  }
  const [method, uri, status] = traits.http;
  return [String(method), String(uri), Number(status)];
}

function normalized(schema: unknown): NormalizedSchema {
  // Whatever the SDK client exports with a `$` suffix is a schema reference; the contract test holds it to that.
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);
}

/** How many of a structure's first members are required. */
export function requiredMembers(structure: NormalizedSchema): ReadonlySet<string> {
  const schema: unknown = structure.getSchema();
  if (!Array.isArray(schema) || !Array.isArray(schema[4])) return new Set();
  return new Set(schema[4].slice(0, Number(schema[6] ?? 0)).map(String));
}

/** The old code and status of an exception, `['AWS.SimpleQueueService.NonExistentQueue', 400]`. */
export function awsQueryError(error: NormalizedSchema): readonly [code: string, status: number] | undefined {
  const trait: unknown = error.getMergedTraits().awsQueryError;
  return Array.isArray(trait) ? [String(trait[0]), Number(trait[1])] : undefined;
}

/** The HTTP status that the model gives an exception. */
export function modelledStatus(error: NormalizedSchema): number | undefined {
  const status: unknown = error.getMergedTraits().httpError;
  return typeof status === 'number' ? status : undefined;
}
