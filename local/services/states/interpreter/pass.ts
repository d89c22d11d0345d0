import type { PassState } from '../definition.ts';
import { exit } from './outcome.ts';
import { effectiveInput, exitWithResult } from './paths.ts';
import { isInJsonPath, scopeOf } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** Pass: Output, or the input as it is. */
export const pass: StateRunner<PassState> = {
  enter: async (state, scene) => {
    if (isInJsonPath(scene)) {
      const result = state.Result ?? effectiveInput(state, scene);
      return exitWithResult(state, scene, { result, next: state.Next });
    }
    return exit(state, { output: scene.frame.input, next: state.Next, state: scene.frame.state }, scopeOf(scene));
  },
};
