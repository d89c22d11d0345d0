import { innerPath } from '../definitions.ts';
import type { ParallelState } from '../definition.ts';
import { checkPayload } from '../errors.ts';
import { exit } from './outcome.ts';
import { exitWithResult } from './paths.ts';
import { isInJsonPath, scopeOf } from './scene.ts';
import type { StateRunner } from './state-runner.ts';
import { givenTo } from './task.ts';

/** Parallel: every branch gets the same input; the outputs, in the order of the branches, are the result. */
export const parallel: StateRunner<ParallelState> = {
  async enter(state, scene) {
    const { frame } = scene;
    const input = await givenTo(state, scene);
    checkPayload(JSON.stringify(input), `Arguments of the state '${frame.state}'`);
    const children = state.Branches.map(({ StartAt }, branch) => ({
      path: innerPath(frame.path, frame.state, branch),
      state: StartAt,
      input,
    }));
    const limits = { kind: 'Parallel', concurrency: children.length, tolerated: 0, hasThreshold: false } as const;
    return { kind: 'fork', limits, children };
  },

  async resume(state, scene) {
    const result = scene.frame.work.result ?? null;
    if (isInJsonPath(scene)) return exitWithResult(state, scene, { result, next: state.Next });
    return exit(state, { output: result, next: state.Next, state: scene.frame.state }, scopeOf(scene, { result }));
  },
};
