/**
 * The first name that an object in a JSON text has twice; `JSON.parse` takes the last of them and says nothing. CodePipeline puts
 * a variable's text into UserParameters as it stands, so one that others write (a commit's message) may end its string and
 * bring parameters of its own.
 * @param json a text that `JSON.parse` reads
 */
export function repeatedName(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token.endsWith(':')) {
      const name = String(JSON.parse(token.slice(0, -1)));
      if (open.at(-1)?.has(name)) return name;
      open.at(-1)?.add(name);
    }
  }
  return undefined;
}
