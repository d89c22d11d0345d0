import type { Json } from '../../json.ts';

/** A value as CloudFormation shows it: outputs and parameters are texts. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : JSON.stringify(value);
}
