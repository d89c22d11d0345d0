import type { Json } from '../../../json.ts';
import { innerPath } from '../definitions.ts';
import { processorOf, type MapState } from '../definition.ts';
import { checkPayload, queryEvaluationError, runtimeError } from '../errors.ts';
import type { ForkLimits, NewChild } from '../frames.ts';
import { evaluateAs, evaluateTemplate } from '../jsonata.ts';
import { exit } from './outcome.ts';
import { fillTemplate } from '../jsonpath/template.ts';
import { exitWithResult, fieldOf, filteredInput, rootsOf } from './paths.ts';
import { isInJsonPath, scopeOf, type Scene } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** The most iterations of an inline Map at one time (Step Functions quota), whatever MaxConcurrency says. */
const maxInlineConcurrency = 40;

/** Map, inline: its processor runs for each item; the outputs, in the order of the items, are the result. */
export const map: StateRunner<MapState> = {
  async enter(state, scene) {
    const items = await itemsOf(state, scene);
    const children: NewChild[] = [];
    for (const [Index, Value] of items.entries()) {
      const item = { Index, Value };
      const input = await selected(state, { ...scene, frame: { ...scene.frame, item } }, Value);
      checkPayload(JSON.stringify(input), `ItemSelector of the state '${scene.frame.state}'`);
      const path = innerPath(scene.frame.path, scene.frame.state, 0);
      children.push({ path, state: processorOf(state).StartAt, input, item });
    }
    return { kind: 'fork', limits: await limitsOf(state, scene, items.length), children };
  },

  async resume(state, scene) {
    const result = scene.frame.work.result ?? null;
    if (isInJsonPath(scene)) return exitWithResult(state, scene, { result, next: state.Next });
    return exit(state, { output: result, next: state.Next, state: scene.frame.state }, scopeOf(scene, { result }));
  },
};

/** The input of one iteration. ItemSelector was called Parameters once. */
async function selected(state: MapState, scene: Scene, item: Json): Promise<Json> {
  if (isInJsonPath(scene)) {
    const selector = state.ItemSelector ?? state.Parameters;
    return selector === undefined ? item : fillTemplate(selector, rootsOf(scene, filteredInput(state, scene)));
  }
  return state.ItemSelector === undefined ? item : evaluateTemplate(state.ItemSelector, 'ItemSelector', scopeOf(scene));
}

async function itemsOf(state: MapState, scene: Scene): Promise<Json[]> {
  const items = await itemsField(state, scene);
  if (Array.isArray(items)) return items;
  if (isInJsonPath(scene)) throw runtimeError(`Reference path "${state.ItemsPath ?? '$'}" must point to array.`);
  throw queryEvaluationError(
    `The field 'Items' must be an array, not ${JSON.stringify(items).slice(0, 200)}.`,
    'Items',
  );
}

async function itemsField(state: MapState, scene: Scene): Promise<Json> {
  if (isInJsonPath(scene)) return fieldOf(state, 'Items', scene) ?? filteredInput(state, scene);
  return state.Items === undefined ? scene.frame.input : evaluateTemplate(state.Items, 'Items', scopeOf(scene));
}

async function limitsOf(state: MapState, scene: Scene, items: number): Promise<ForkLimits> {
  const limit = async (
    field: 'MaxConcurrency' | 'ToleratedFailureCount' | 'ToleratedFailurePercentage',
    most: number,
  ) => {
    const isByPath = isInJsonPath(scene);
    const given = isByPath ? fieldOf(state, field, scene) : state[field];
    if (given === undefined) return undefined;
    const value = isByPath ? Number(given) : await evaluateAs('number', given, field, scopeOf(scene));
    if (value >= 0 && value <= most) return value;
    throw queryEvaluationError(`The field '${field}' must be a number from 0 to ${most}, not ${value}.`, field);
  };
  const concurrency = (await limit('MaxConcurrency', Number.MAX_SAFE_INTEGER)) ?? 0;
  const count = await limit('ToleratedFailureCount', Number.MAX_SAFE_INTEGER);
  const percentage = await limit('ToleratedFailurePercentage', 100);
  const shares = [count, percentage === undefined ? undefined : Math.floor((items * percentage) / 100)];
  return {
    kind: 'Map',
    concurrency: Math.min(concurrency || maxInlineConcurrency, maxInlineConcurrency),
    // Going beyond either of the two fails the Map.
    tolerated: Math.min(...shares.map((share) => share ?? Infinity), hasNone(shares) ? 0 : Infinity),
    hasThreshold: !hasNone(shares),
  };
}

function hasNone(values: readonly (number | undefined)[]): boolean {
  return values.every((value) => value === undefined);
}
