import type { Json } from '../../../json.ts';
import type { ParallelState, TaskState } from '../definition.ts';
import { checkPayload, queryEvaluationError } from '../errors.ts';
import { targetOf } from '../integrations/registry.ts';
import { evaluateTemplate } from '../jsonata.ts';
import { exit } from './outcome.ts';
import { effectiveInput, exitWithResult } from './paths.ts';
import { isInJsonPath, scopeOf, type Scene } from './scene.ts';
import type { StateRunner } from './state-runner.ts';
import { secondsOf } from './wait.ts';

/** Task: calls an integration and makes its output of the result. */
export const task: StateRunner<TaskState> = {
  async enter(state, scene) {
    const { resource } = targetOf(state.Resource);
    const token = resource.pattern === 'waitForTaskToken' ? scene.newToken() : undefined;
    const given = await givenTo(state, scene, token);
    checkPayload(JSON.stringify(given), `Arguments of the state '${scene.frame.state}'`);
    const limits = await limitsOf(state, scene);
    const heartbeat = token === undefined ? {} : limits.heartbeat;
    return {
      kind: 'call',
      resource,
      task: { resource: state.Resource, arguments: given, ...heartbeat },
      ...(token !== undefined && { token }),
      ...limits.timeout,
    };
  },

  async resume(state, scene) {
    const result = scene.frame.work.result ?? null;
    if (isInJsonPath(scene)) return exitWithResult(state, scene, { result, next: state.Next });
    return exit(state, { output: result, next: state.Next, state: scene.frame.state }, scopeOf(scene, { result }));
  },
};

/** What a Task or a Parallel works on: Arguments, or InputPath and Parameters. */
export async function givenTo(state: TaskState | ParallelState, scene: Scene, token?: string): Promise<Json> {
  if (isInJsonPath(scene)) return effectiveInput(state, scene, token);
  if (state.Arguments === undefined) return scene.frame.input;
  return evaluateTemplate(state.Arguments, 'Arguments', scopeOf(scene, token === undefined ? {} : { token }));
}

async function limitsOf(
  state: TaskState,
  scene: Scene,
): Promise<{ timeout: { timeoutSeconds?: number }; heartbeat: { heartbeatSeconds?: number } }> {
  const timeout = await secondsOf(state, 'TimeoutSeconds', scene, 1);
  const heartbeat = await secondsOf(state, 'HeartbeatSeconds', scene, 1);
  if (timeout !== undefined && heartbeat !== undefined && heartbeat >= timeout) {
    throw queryEvaluationError('HeartbeatSeconds must be smaller than TimeoutSeconds.', 'HeartbeatSeconds');
  }
  return {
    timeout: timeout === undefined ? {} : { timeoutSeconds: timeout },
    heartbeat: heartbeat === undefined ? {} : { heartbeatSeconds: heartbeat },
  };
}
