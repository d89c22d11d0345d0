import { NormalizedSchema } from '@smithy/core/schema';
import type { ServiceApi } from '../../../gateway/service.ts';

/*
 * The SDK clients export each shape with a `$` after its name: an operation is [9, namespace, name, traits, input, output],
 * a structure [3, …], an error [-3, …].
 */

/** The schema of an operation's input; undefined if the service has no such operation. */
export function inputSchema(api: ServiceApi, operation: string): NormalizedSchema | undefined {
  return operationPart(api, operation, 4);
}

/** The schema of an operation's output. */
export function outputSchema(api: ServiceApi, operation: string): NormalizedSchema | undefined {
  return operationPart(api, operation, 5);
}

/** Whether the service's model names this error. */
export function errorExists(api: ServiceApi, code: string): boolean {
  const shape = shapeOf(api, code);
  return shape?.[0] === -3;
}

function operationPart(api: ServiceApi, operation: string, index: 4 | 5): NormalizedSchema | undefined {
  const shape = shapeOf(api, operation);
  if (shape?.[0] !== 9) return undefined;
  const part: unknown = shape[index];
  // The parts of an operation's tuple are schemas or functions that give one, which `of` takes alike.
  return NormalizedSchema.of(part as Parameters<typeof NormalizedSchema.of>[0]);
}

const shapes = new WeakMap<object, ReadonlyMap<string, unknown>>();

function shapeOf({ schemas }: ServiceApi, name: string): readonly unknown[] | undefined {
  const known = shapes.get(schemas) ?? new Map<string, unknown>(Object.entries(schemas));
  shapes.set(schemas, known);
  const shape = known.get(`${name}$`);
  return Array.isArray(shape) ? shape : undefined;
}
