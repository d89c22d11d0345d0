import type { PassState } from '../definition.ts';
import { exit } from './outcome.ts';
import { scopeOf } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** Pass: Output, or the input as it is. */
export const pass: StateRunner<PassState> = {
  enter: (state, scene) =>
    exit(state, { output: scene.frame.input, next: state.Next, state: scene.frame.state }, scopeOf(scene)),
};
