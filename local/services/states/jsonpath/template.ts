import { isJsonObject, type Json } from '../../../json.ts';
import { StateFailure } from '../errors.ts';
import { format, intrinsics } from './intrinsics.ts';
import { evaluatePath, parsePath, PathSyntaxError, type PathRoots } from './path.ts';

/**
 * A payload template with every member whose name ends in `.$` replaced by what its path or intrinsic function gives.
 * @throws StateFailure `States.ParameterPathFailure` or `States.IntrinsicFailure`
 */
export function fillTemplate(template: Json, roots: PathRoots): Json {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, roots));
  if (!isJsonObject(template)) return template;
  const entries = Object.entries(template).map(([key, value]): [string, Json] => {
    if (!key.endsWith('.$')) return [key, fillTemplate(value, roots)];
    const found = typeof value === 'string' ? evaluate(value, roots) : undefined;
    if (found === undefined) throw notFound(String(value), key);
    return [key.slice(0, -2), found];
  });
  return Object.fromEntries(entries);
}

/** What a path or an intrinsic function gives. @throws StateFailure `States.IntrinsicFailure` */
export function evaluate(text: string, roots: PathRoots): Json | undefined {
  if (!text.startsWith('States.')) return evaluatePath(parsePath(text), roots);
  const reader = new Reader(text);
  const call = reader.call();
  reader.end();
  return apply(call, roots);
}

/** What is wrong with a text that should be a path or an intrinsic function; undefined if it is fine. */
export function problemOf(text: string): string | undefined {
  try {
    if (!text.startsWith('States.')) parsePath(text);
    else {
      const reader = new Reader(text);
      checkNames(reader.call());
      reader.end();
    }
    return undefined;
  } catch (error) {
    if (error instanceof PathSyntaxError) return error.message;
    throw error;
  }
}

type Argument =
  | { readonly kind: 'text'; readonly raw: string }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'path'; readonly text: string }
  | Call;

interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** How deep intrinsic functions may stand in one another (documented). */
const maxDepth = 10;

function checkNames(call: Call, depth = 1): void {
  if (depth > maxDepth) throw new PathSyntaxError(`at most ${maxDepth} intrinsic functions may be nested`);
  if (call.name !== 'Format' && !Object.hasOwn(intrinsics, call.name)) {
    throw new PathSyntaxError(`there is no intrinsic function States.${call.name}`);
  }
  for (const each of call.arguments) if (each.kind === 'call') checkNames(each, depth + 1);
}

function apply(call: Call, roots: PathRoots): Json {
  const values = call.arguments.map((each): Json => valueOf(each, call, roots));
  try {
    if (call.name !== 'Format') return intrinsics[call.name]?.(...values) ?? null;
    const [first] = call.arguments;
    const template = first?.kind === 'text' ? first.raw : String(values[0]);
    return format(template, values.slice(1));
  } catch (error) {
    throw intrinsicFailure(call, error instanceof Error ? error.message : String(error));
  }
}

function valueOf(argument: Argument, call: Call, roots: PathRoots): Json {
  switch (argument.kind) {
    case 'text':
      return argument.raw.replace(/\\([\s\S])/g, '$1');
    case 'value':
      return argument.value;
    case 'call':
      return apply(argument, roots);
    case 'path': {
      const found = evaluatePath(parsePath(argument.text), roots);
      if (found === undefined) throw intrinsicFailure(call, `the path ${argument.text} was not found`);
      return found;
    }
  }
}

function intrinsicFailure({ name }: Call, problem: string): StateFailure {
  return new StateFailure({
    error: 'States.IntrinsicFailure',
    cause: `The function 'States.${name}' had the following error: ${problem}`,
  });
}

function notFound(path: string, field: string): StateFailure {
  return new StateFailure({
    error: 'States.ParameterPathFailure',
    cause: `The JSONPath '${path}' specified for the field '${field}' could not be found in the input`,
  });
}

/** Reads `States.Name(argument, …)`; strings stand in single quotes, with `\` before `'`, `{`, `}` and `\`. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  call(): Call {
    const [, name] = this.#take(/States\.([A-Za-z0-9]+)\s*\(\s*/y);
    const found: Argument[] = [];
    while (!this.#maybe(/\s*\)/y)) {
      if (found.length > 0) this.#take(/\s*,\s*/y);
      found.push(this.#argument());
    }
    return { kind: 'call', name: name ?? '', arguments: found };
  }

  end(): void {
    if (this.#at < this.#text.length) this.#refuse();
  }

  #argument(): Argument {
    if (this.#text.startsWith('States.', this.#at)) return this.call();
    const quoted = this.#maybe(/'((?:[^'\\]|\\[\s\S])*)'/y);
    if (quoted) return { kind: 'text', raw: quoted[1] ?? '' };
    const path = this.#maybe(/\$(?:[^,()[\]\s'"]|\[(?:[^\]'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*\])*/y);
    if (path) {
      parsePath(path[0]);
      return { kind: 'path', text: path[0] };
    }
    const [literal] = this.#take(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    return { kind: 'value', value: JSON.parse(literal) as Json };
  }

  #take(pattern: RegExp): RegExpExecArray {
    return this.#maybe(pattern) ?? this.#refuse();
  }

  #maybe(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match ?? undefined;
  }

  #refuse(): never {
    throw new PathSyntaxError(`'${this.#text}' is no intrinsic function: stopped at '${this.#text.slice(this.#at)}'`);
  }
}
