import type { FailState } from '../definition.ts';
import { evaluateAs } from '../jsonata.ts';
import { scopeOf } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** Fail: ends its group of states with the error and cause that it names. */
export const fail: StateRunner<FailState> = {
  async enter(state, scene) {
    const scope = scopeOf(scene);
    const error = state.Error === undefined ? undefined : await evaluateAs('string', state.Error, 'Error', scope);
    const cause = state.Cause === undefined ? undefined : await evaluateAs('string', state.Cause, 'Cause', scope);
    return {
      kind: 'fail',
      failure: { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) },
    };
  },
};
