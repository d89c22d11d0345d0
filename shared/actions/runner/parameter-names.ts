import { createHash } from 'node:crypto';

/**
 * Stands for the names and places of parameters, whatever their values: 16 hex digits. A pipeline that passes variables
 * carries it along, so that a variable's text (a commit's message) that ends its string cannot bring a parameter that the
 * pipeline left out.
 */
export function hashOfNames(parameters: unknown): string {
  return createHash('sha256').update(places(parameters).sort().join('\n')).digest('hex').slice(0, 16);
}

/** The path of every member and element, as JSON, which no name can imitate. */
function places(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .flatMap(([name, inner]) => [JSON.stringify([...path, name]), ...places(inner, [...path, name])]);
}
