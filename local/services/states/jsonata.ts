import jsonata from 'jsonata';
import type { Json, JsonObject } from '../../json.ts';
import { queryEvaluationError } from './errors.ts';
import { stepFunctionsOwn } from './jsonata-functions.ts';
import { plainPath, valueAt } from './jsonata-path.ts';

/** What expressions see: `$states` and the variables. */
export interface Scope {
  readonly states: {
    readonly input: Json;
    readonly context: JsonObject;
    readonly result?: Json;
    readonly errorOutput?: Json;
  };
  readonly variables: JsonObject;
  /** The cloud's time, for `$now()` and `$millis()`. */
  readonly nowMs: number;
}

/** Whether a string of a definition is an expression: `{%` first and `%}` last, without spaces around. */
export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 4 && value.startsWith('{%') && value.endsWith('%}');
}

/** The text between the delimiters, without the spaces around it. */
export function expressionText(value: string): string {
  return value.slice(2, -2).trim();
}

/**
 * A value of a definition with every expression in it replaced by what it yields. `field` names the value in errors
 * (`Output`, `Arguments`); nested places are named as AWS does (`Output/order/items[0]`).
 * @throws StateFailure `States.QueryEvaluationError` for an expression that throws, yields nothing or no JSON
 */
export async function evaluateTemplate(template: Json, field: string, scope: Scope): Promise<Json> {
  if (isExpression(template)) return evaluateExpression(template, field, scope);
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries())
      items.push(await evaluateTemplate(item, `${field}[${index}]`, scope));
    return items;
  }
  if (typeof template !== 'object' || template === null) return template;
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(template)) {
    entries.push([key, await evaluateTemplate(value, `${field}/${key}`, scope)]);
  }
  // fromEntries defines own properties, so a key `__proto__` stays a key.
  return Object.fromEntries(entries);
}

/** What a field of one expected type yields, e.g. a Choice's Condition. */
export async function evaluateAs<Type extends 'boolean' | 'number' | 'string'>(
  type: Type,
  template: Json,
  field: string,
  scope: Scope,
): Promise<Type extends 'boolean' ? boolean : Type extends 'number' ? number : string> {
  const value = await evaluateTemplate(template, field, scope);
  // The comparison with `type` is what the conditional return type says.
  if (typeof value === type) return value as never;
  throw unexpectedType(String(template), field, type, value);
}

async function evaluateExpression(template: string, field: string, scope: Scope): Promise<Json> {
  const text = expressionText(template);
  const found = evaluatePlainPath(text, scope);
  if (found !== undefined) return found;
  let value: unknown;
  try {
    value = await compile(text).evaluate(undefined, {
      ...scope.variables,
      states: scope.states,
      ...stepFunctionsOwn(scope.nowMs),
    });
  } catch (error) {
    throw queryEvaluationError(
      `The JSONata expression '${text}' specified for the field '${field}' threw an error during evaluation. ${describe(error)}`,
      field,
    );
  }
  if (value === undefined) {
    throw queryEvaluationError(
      `The JSONata expression '${text}' specified for the field '${field}' returned nothing (undefined).`,
      field,
    );
  }
  return toJson(value, text, field);
}

const ownFunctions: ReadonlySet<string> = new Set(Object.keys(stepFunctionsOwn(0)));

function evaluatePlainPath(text: string, { states, variables }: Scope): Json | undefined {
  const [variable, ...names] = plainPath(text) ?? [];
  if (variable === undefined) return undefined;
  if (variable === 'states') return valueAt(states, names);
  // The functions of Step Functions and JSONata are variables, too: JSONata knows which of the two goes first.
  return ownFunctions.has(variable) ? undefined : valueAt(variables, [variable, ...names]);
}

/** Frees a value of JSONata's own arrays and refuses functions, which no JSON can say. */
function toJson(value: unknown, text: string, field: string): Json {
  let isJson = true;
  const json = JSON.stringify(value, (_key, member: unknown) => {
    if (isFunctionValue(member)) isJson = false;
    return member;
  });
  if (!isJson || json === undefined) throw unexpectedType(text, field, 'JSON', 'a function');
  // What JSON.stringify wrote is JSON.
  return JSON.parse(json) as Json;
}

function isFunctionValue(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && ('_jsonata_function' in value || '_jsonata_lambda' in value);
}

function unexpectedType(text: string, field: string, expected: string, got: unknown): Error {
  const shown = JSON.stringify(got)?.slice(0, 200);
  return queryEvaluationError(
    `The JSONata expression '${text}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${expected}', but was '${Array.isArray(got) ? 'array' : typeof got}' for value: ${shown}`,
    field,
  );
}

/** JSONata throws plain objects with a code and a message. */
function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? `${code}: ${String(message)}` : String(message);
}

const maxCompiled = 5_000;
const compiled = new Map<string, jsonata.Expression>();

/**
 * The compiled expression, from a cache; compiling is ten times dearer than evaluating.
 * @throws the error of JSONata for a text that is no expression
 */
export function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known) return known;
  const expression = bounded(jsonata(text));
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(text, expression);
  return expression;
}

const maxNodesEvaluated = 2_000_000;

/** Ends an expression that never would: everything else in this process waits for it meanwhile. */
function bounded(expression: jsonata.Expression): jsonata.Expression {
  let evaluated = 0;
  // The library looks these hooks up by symbol; its declarations only know names.
  const entry = Symbol.for('jsonata.__evaluate_entry') as unknown as string;
  expression.assign(entry, () => {
    if (++evaluated > maxNodesEvaluated) throw new Error('the expression does not come to an end');
  });
  return {
    ...expression,
    evaluate(input: unknown, bindings?: Record<string, unknown>): Promise<unknown> {
      evaluated = 0;
      return expression.evaluate(input, bindings);
    },
  };
}
