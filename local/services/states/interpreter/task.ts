import type { TaskState } from '../definition.ts';
import { checkPayload, queryEvaluationError } from '../errors.ts';
import { targetOf } from '../integrations/registry.ts';
import { evaluateTemplate } from '../jsonata.ts';
import { exit } from './outcome.ts';
import { scopeOf, type Scene } from './scene.ts';
import type { StateRunner } from './state-runner.ts';
import { wholeSeconds } from './wait.ts';

/** Task: calls an integration and makes its output of the result. */
export const task: StateRunner<TaskState> = {
  async enter(state, scene) {
    const { resource } = targetOf(state.Resource);
    const token = resource.pattern === 'waitForTaskToken' ? scene.newToken() : undefined;
    const scope = scopeOf(scene, token === undefined ? {} : { token });
    const given =
      state.Arguments === undefined ? scene.frame.input : await evaluateTemplate(state.Arguments, 'Arguments', scope);
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

  resume(state, scene) {
    const result = scene.frame.work.result ?? null;
    return exit(state, { output: result, next: state.Next, state: scene.frame.state }, scopeOf(scene, { result }));
  },
};

async function limitsOf(
  state: TaskState,
  scene: Scene,
): Promise<{ timeout: { timeoutSeconds?: number }; heartbeat: { heartbeatSeconds?: number } }> {
  const { TimeoutSeconds, HeartbeatSeconds } = state;
  const timeout =
    TimeoutSeconds === undefined ? undefined : await wholeSeconds(TimeoutSeconds, 'TimeoutSeconds', scene, 1);
  const heartbeat =
    HeartbeatSeconds === undefined ? undefined : await wholeSeconds(HeartbeatSeconds, 'HeartbeatSeconds', scene, 1);
  if (timeout !== undefined && heartbeat !== undefined && heartbeat >= timeout) {
    throw queryEvaluationError('HeartbeatSeconds must be smaller than TimeoutSeconds.', 'HeartbeatSeconds');
  }
  return {
    timeout: timeout === undefined ? {} : { timeoutSeconds: timeout },
    heartbeat: heartbeat === undefined ? {} : { heartbeatSeconds: heartbeat },
  };
}
