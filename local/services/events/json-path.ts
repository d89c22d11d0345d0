import { isJsonObject, type Json } from '../../json.ts';

type Step = string | number | '*';

/** The steps of a path such as `$.detail.list[0].name`; undefined if EventBridge would not take it. */
export function parseJsonPath(path: string): Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  const pattern = /\.([\w\-/]+|\*)|\[(\d+|\*)\]|\['([^']+)'\]/y;
  pattern.lastIndex = 1;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (!match) return undefined;
    const [, name, index, quoted] = match;
    steps.push(quoted ?? (index === undefined || index === '*' ? (name ?? '*') : Number(index)));
  }
  return steps;
}

/** The value at a path; `undefined` if it is not there. A wildcard gives the list of what it finds. */
export function readJsonPath(value: Json, steps: readonly Step[]): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step === '*') {
    const members = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
    return members.flatMap((member) => readJsonPath(member, rest) ?? []);
  }
  const next = typeof step === 'number' ? (Array.isArray(value) ? value[step] : undefined) : memberOf(value, step);
  return next === undefined ? undefined : readJsonPath(next, rest);
}

function memberOf(value: Json, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
