import type { Json } from '../../json.ts';

let last: { readonly value: Json; readonly text: string } = { value: null, text: 'null' };

/**
 * The JSON text of a value; not written anew if it is the very value that was asked for last. What one state gives is
 * measured, goes into the history, and is what the next state gets. Values are never changed, only replaced.
 */
export function jsonText(value: Json): string {
  if (last.value !== value) last = { value, text: JSON.stringify(value) };
  return last.text;
}
