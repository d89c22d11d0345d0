import type { Json, JsonObject } from '../../../json.ts';

/** The `Path` of a role or managed policy, which is part of its ARN. */
export function pathOf({ Path: path }: JsonObject): string {
  return typeof path === 'string' ? path : '/';
}

/** A list of texts that may be absent. */
export function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
