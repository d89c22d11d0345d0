import type { Json } from '../../../json.ts';
import type { FailState } from '../definition.ts';
import { evaluateAs } from '../jsonata.ts';
import type { Outcome } from './outcome.ts';
import { fieldOf } from './paths.ts';
import { isInJsonPath, scopeOf, type Scene } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** Fail: ends its group of states with the error and cause that it names. */
export const fail: StateRunner<FailState> = {
  async enter(state, scene) {
    if (isInJsonPath(scene)) return failByPaths(state, scene);
    const scope = scopeOf(scene);
    const error = state.Error === undefined ? undefined : await evaluateAs('string', state.Error, 'Error', scope);
    const cause = state.Cause === undefined ? undefined : await evaluateAs('string', state.Cause, 'Cause', scope);
    return {
      kind: 'fail',
      failure: { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) },
    };
  },
};

function failByPaths(state: FailState, scene: Scene): Outcome {
  const [error, cause] = [fieldOf(state, 'Error', scene), fieldOf(state, 'Cause', scene)];
  return {
    kind: 'fail',
    failure: { ...(error !== undefined && { error: text(error) }), ...(cause !== undefined && { cause: text(cause) }) },
  };
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
