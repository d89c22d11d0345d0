import type { SucceedState } from '../definition.ts';
import { exit } from './outcome.ts';
import { exitByPaths, filteredInput } from './paths.ts';
import { isInJsonPath, scopeOf } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** Succeed: ends its group of states well. */
export const succeed: StateRunner<SucceedState> = {
  enter: async (state, scene) =>
    isInJsonPath(scene)
      ? exitByPaths(state, scene, { output: filteredInput(state, scene) })
      : exit(state, { output: scene.frame.input, state: scene.frame.state }, scopeOf(scene)),
};
