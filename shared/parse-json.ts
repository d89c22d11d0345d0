/** What a JSON text stands for; undefined, which no JSON stands for, if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
