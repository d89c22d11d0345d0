import type { Json, JsonObject } from '../../../json.ts';
import { checkPayload, checkVariables, runtimeError, StateFailure } from '../errors.ts';
import { jsonText } from '../json-text.ts';
import { insertAt, parsePath, PathSyntaxError, type PathRoots } from '../jsonpath/path.ts';
import { evaluate, fillTemplate } from '../jsonpath/template.ts';
import type { Outcome } from './outcome.ts';
import { scopeOf, type Scene } from './scene.ts';

/** The fields with which a state in JSONPath reads its input and makes its output. */
export interface PathFields {
  readonly InputPath?: string | null | undefined;
  readonly Parameters?: Json | undefined;
  readonly ResultSelector?: Json | undefined;
  readonly ResultPath?: string | null | undefined;
  readonly OutputPath?: string | null | undefined;
  readonly Assign?: JsonObject | undefined;
}

/** What paths of a state look into when `$` is `input`. */
export function rootsOf(scene: Scene, input: Json, token?: string): PathRoots {
  const scope = scopeOf(scene, token === undefined ? {} : { token });
  return {
    input,
    get context() {
      return scope.states.context;
    },
    variables: scene.frame.variables,
  };
}

/** The input after InputPath: `null` there stands for an empty object. */
export function filteredInput(fields: PathFields, scene: Scene, token?: string): Json {
  return filtered(fields.InputPath, 'InputPath', rootsOf(scene, scene.frame.input, token));
}

/** The input after InputPath and Parameters. */
export function effectiveInput(fields: PathFields, scene: Scene, token?: string): Json {
  const input = filteredInput(fields, scene, token);
  return fields.Parameters === undefined ? input : fillTemplate(fields.Parameters, rootsOf(scene, input, token));
}

/** What a field gives that may be written as `<name>` or, as a path or intrinsic function, as `<name>Path`. */
export function fieldOf(state: object, name: string, scene: Scene): Json | undefined {
  const fields: Record<string, Json | undefined> = { ...state };
  const path = fields[`${name}Path`];
  if (typeof path !== 'string') return fields[name];
  const found = evaluate(path, rootsOf(scene, filteredInput(state, scene)));
  if (found !== undefined) return found;
  throw notFound(path, `${name}Path`);
}

/** The end of a state that has a result: ResultSelector, then Assign beside ResultPath, then OutputPath. */
export function exitWithResult(
  fields: PathFields,
  scene: Scene,
  given: { readonly result: Json; readonly next?: string | undefined },
): Outcome {
  const selected =
    fields.ResultSelector === undefined
      ? given.result
      : fillTemplate(fields.ResultSelector, rootsOf(scene, given.result));
  const merged = placed(fields.ResultPath, scene.frame.input, selected);
  return exitByPaths(fields, scene, { output: merged, assignFrom: selected, next: given.next });
}

/** The end of a state without a result: OutputPath of its filtered input. */
export function exitByPaths(
  fields: PathFields,
  scene: Scene,
  given: { readonly output: Json; readonly assignFrom?: Json; readonly next?: string | undefined },
): Outcome {
  const { output: raw, assignFrom = raw, next } = given;
  const output = filtered(fields.OutputPath, 'OutputPath', rootsOf(scene, raw));
  const assigned = fields.Assign === undefined ? {} : fillTemplate(fields.Assign, rootsOf(scene, assignFrom));
  checkPayload(jsonText(output), `state/task '${scene.frame.state}'`);
  checkPayload(JSON.stringify(assigned), `Assign of the state '${scene.frame.state}'`);
  checkVariables(scene.frame.variables, assigned as JsonObject);
  // A template that is an object gives an object.
  return { kind: 'exit', output, assigned: assigned as JsonObject, next };
}

function filtered(path: string | null | undefined, name: string, roots: PathRoots): Json {
  if (path === undefined) return roots.input;
  if (path === null) return {};
  const found = evaluate(path, roots);
  if (found !== undefined) return found;
  throw notFound(path, name);
}

function placed(path: string | null | undefined, input: Json, result: Json): Json {
  if (path === undefined || path === '$') return result;
  if (path === null) return input;
  try {
    return insertAt(parsePath(path), input, result);
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    throw new StateFailure({
      error: 'States.ResultPathMatchFailure',
      cause: `Unable to apply step "${path.replace(/^.*[.[]/, '')}" to input ${JSON.stringify(input).slice(0, 1_000)}`,
    });
  }
}

function notFound(path: string, name: string): StateFailure {
  return runtimeError(`Invalid path '${path}' in the field '${name}': it was not found in the input`);
}
