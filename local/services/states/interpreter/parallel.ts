import { innerPath } from '../definitions.ts';
import type { ParallelState } from '../definition.ts';
import { checkPayload } from '../errors.ts';
import { evaluateTemplate } from '../jsonata.ts';
import { exit } from './outcome.ts';
import { scopeOf } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** Parallel: every branch gets the same input; the outputs, in the order of the branches, are the result. */
export const parallel: StateRunner<ParallelState> = {
  async enter(state, scene) {
    const { frame } = scene;
    const input =
      state.Arguments === undefined
        ? frame.input
        : await evaluateTemplate(state.Arguments, 'Arguments', scopeOf(scene));
    checkPayload(JSON.stringify(input), `Arguments of the state '${frame.state}'`);
    const children = state.Branches.map(({ StartAt }, branch) => ({
      path: innerPath(frame.path, frame.state, branch),
      state: StartAt,
      input,
    }));
    const limits = { kind: 'Parallel', concurrency: children.length, tolerated: 0, hasThreshold: false } as const;
    return { kind: 'fork', limits, children };
  },

  resume(state, scene) {
    const result = scene.frame.work.result ?? null;
    return exit(state, { output: result, next: state.Next, state: scene.frame.state }, scopeOf(scene, { result }));
  },
};
