import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { readFilter, type Keep } from './filter.ts';

/** What paths look into: `$`, the context object `$$`, and variables. */
export interface PathRoots {
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: JsonObject;
}

type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly kind: 'filter'; readonly keep: Keep<PathRoots>; readonly isAfterDescent: boolean }
  | { readonly kind: 'all' }
  | { readonly kind: 'descend' };

/** A path read from its text. */
export interface Path {
  /** The variable that it starts from; `$` for the input, `$$` for the context object. */
  readonly root: string;
  readonly steps: readonly Step[];
  /** Whether it names exactly one place, as a reference path must. */
  readonly isDefinite: boolean;
}

/** What is wrong with a path. */
export class PathSyntaxError extends Error {
  override readonly name = 'PathSyntaxError';
}

const stepPattern =
  /\.\.(?=[^.[\s])|\.\.(?=\[)|\.\*|\.([\p{L}\p{N}_$-]+)|\[\s*\*\s*\]|\[\s*('(?:[^'\\]|\\.)*'(?:\s*,\s*'(?:[^'\\]|\\.)*')*)\s*\]|\[\s*("(?:[^"\\]|\\.)*"(?:\s*,\s*"(?:[^"\\]|\\.)*")*)\s*\]|\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]|\[\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(\d*)\s*)?\]|([\p{L}_][\p{L}\p{N}_-]*)|\*/uy;

const known = new Map<string, Path>();
const maxKnown = 5_000;

/** Reads a path. @throws PathSyntaxError, also for scripts, which Step Functions does not have either */
export function parsePath(text: string): Path {
  const kept = known.get(text);
  if (kept) return kept;
  const path = read(text);
  if (known.size >= maxKnown) known.clear();
  known.set(text, path);
  return path;
}

function read(text: string): Path {
  const [root] = /^\$\$|^\$[\p{L}_][\p{L}\p{N}_]*|^\$/u.exec(text) ?? [];
  if (root === undefined) throw new PathSyntaxError(`'${text}' does not start with $`);
  const steps: Step[] = [];
  for (let at = root.length; at < text.length;) {
    const filter = readFilter(text, at, operandOf);
    if (filter) {
      steps.push({ kind: 'filter', keep: filter.keep, isAfterDescent: steps.at(-1)?.kind === 'descend' });
      at += filter.length;
      continue;
    }
    stepPattern.lastIndex = at;
    const match = stepPattern.exec(text);
    const isAfterDescent = steps.at(-1)?.kind === 'descend';
    const step = match && stepOf(match, isAfterDescent);
    if (!match || !step) throw new PathSyntaxError(`'${text}' is no path: stopped at '${text.slice(at)}'`);
    steps.push(step);
    at += match[0].length;
  }
  if (steps.at(-1)?.kind === 'descend') throw new PathSyntaxError(`'${text}' ends after ..`);
  return { root, steps, isDefinite: steps.every(isSingle) };
}

/** A path inside a filter: `@` is the item that is looked at. */
function operandOf(text: string): (item: Json, roots: PathRoots) => Json | undefined {
  const path = parsePath(text.replace(/^@/, '$'));
  return (item, roots) => evaluatePath(path, text.startsWith('@') ? { ...roots, input: item } : roots);
}

function stepOf(match: RegExpExecArray, isAfterDescent: boolean): Step | undefined {
  const [whole, dotted, single, double, indexes, from, to, step, bare] = match;
  if (whole === '..') return isAfterDescent ? undefined : { kind: 'descend' };
  if (bare !== undefined || whole === '*') {
    if (!isAfterDescent) return undefined;
    return bare === undefined ? { kind: 'all' } : { kind: 'names', names: [bare] };
  }
  if (dotted !== undefined) return { kind: 'names', names: [dotted] };
  const quoted = single ?? double;
  if (quoted !== undefined) return { kind: 'names', names: unquote(quoted) };
  if (indexes !== undefined) return { kind: 'indexes', indexes: indexes.split(',').map(Number) };
  if (from === undefined) return { kind: 'all' };
  return {
    kind: 'slice',
    ...(from !== '' && { from: Number(from) }),
    ...(to !== undefined && to !== '' && { to: Number(to) }),
    step: step ? Number(step) : 1,
  };
}

function unquote(list: string): string[] {
  const found = list.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g) ?? [];
  return found.map((text) => text.slice(1, -1).replace(/\\(.)/g, '$1'));
}

function isSingle(step: Step): boolean {
  if (step.kind === 'names') return step.names.length === 1;
  return step.kind === 'indexes' && step.indexes.length === 1;
}

/** What a path finds: a value, or undefined; a path that is not definite gives an array of all that it finds. */
export function evaluatePath(path: Path, roots: PathRoots): Json | undefined {
  const start = rootValue(path.root, roots);
  if (start === undefined) return undefined;
  const found = path.steps.reduce<Json[]>(
    (values, step) => values.flatMap((value) => take(step, value, roots)),
    [start],
  );
  return path.isDefinite ? found[0] : found;
}

function rootValue(root: string, { input, context, variables }: PathRoots): Json | undefined {
  if (root === '$') return input;
  if (root === '$$') return context;
  const name = root.slice(1);
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

function take(step: Step, value: Json, roots: PathRoots): Json[] {
  switch (step.kind) {
    case 'descend':
      return descend(value);
    case 'all':
      return members(value);
    case 'filter':
      return filtered(step, value).filter((item) => step.keep(item, roots));
    case 'names':
      return step.names.flatMap((name) => member(value, name));
    case 'indexes':
      return Array.isArray(value) ? step.indexes.flatMap((index) => present(value.at(index))) : [];
    case 'slice':
      if (!Array.isArray(value)) return [];
      return value.slice(step.from, step.to).filter((_item, index) => index % Math.max(step.step, 1) === 0);
  }
}

/** What a filter looks at: the items of an array, or an object itself; a descent comes to each object by itself. */
function filtered({ isAfterDescent }: Step & { kind: 'filter' }, value: Json): Json[] {
  if (Array.isArray(value)) return isAfterDescent ? [] : value;
  return isJsonObject(value) ? [value] : [];
}

function member(value: Json, name: string): Json[] {
  return isJsonObject(value) && Object.hasOwn(value, name) ? present(value[name]) : [];
}

function present(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}

function members(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

function descend(value: Json): Json[] {
  return [value, ...members(value).flatMap(descend)];
}

/**
 * A copy of `target` with `value` at a reference path; objects on the way are made as needed.
 * @throws PathSyntaxError if the path leads through something that is no object
 */
export function insertAt(path: Path, target: Json, value: Json): Json {
  return place(path.steps, target, value);
}

function place([step, ...rest]: readonly Step[], target: Json, value: Json): Json {
  if (!step) return value;
  if (step.kind === 'indexes' && Array.isArray(target)) {
    const [index = 0] = step.indexes;
    if (index < 0 || index >= target.length) throw new PathSyntaxError('the index is outside the array');
    return target.map((item, at) => (at === index ? place(rest, item, value) : item));
  }
  if (step.kind !== 'names' || !isJsonObject(target)) throw new PathSyntaxError('the path leads through no object');
  const [name = ''] = step.names;
  const inner = Object.hasOwn(target, name) ? target[name] : undefined;
  return Object.fromEntries([
    ...Object.entries(target).filter(([key]) => key !== name),
    [name, place(rest, inner === undefined ? {} : inner, value)],
  ]);
}
