import { isTimestamp } from '../timestamp.ts';
import type { WaitState } from '../definition.ts';
import type { Json } from '../../../json.ts';
import { queryEvaluationError, runtimeError } from '../errors.ts';
import { evaluateAs } from '../jsonata.ts';
import { exit } from './outcome.ts';
import { exitByPaths, fieldOf, filteredInput } from './paths.ts';
import { isInJsonPath, scopeOf, type Scene } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** The longest that a Wait or a task may last, in seconds. */
const maxSeconds = 99_999_999;

/** Wait: for some seconds, or until a timestamp; one that is past is no wait. */
export const wait: StateRunner<WaitState> = {
  async enter(state, scene) {
    const untilMs = await untilMsOf(state, scene);
    return untilMs > scene.nowMs ? { kind: 'wait', untilMs } : leave(state, scene);
  },
  resume: leave,
};

async function leave(state: WaitState, scene: Scene): ReturnType<typeof exit> {
  if (isInJsonPath(scene)) {
    return exitByPaths(state, scene, { output: filteredInput(state, scene), next: state.Next });
  }
  return exit(state, { output: scene.frame.input, next: state.Next, state: scene.frame.state }, scopeOf(scene));
}

async function untilMsOf(state: WaitState, scene: Scene): Promise<number> {
  const seconds = await secondsOf(state, 'Seconds', scene, 0);
  if (seconds !== undefined) return scene.nowMs + 1_000 * seconds;
  const timestamp = isInJsonPath(scene)
    ? String(fieldOf(state, 'Timestamp', scene))
    : await evaluateAs('string', state.Timestamp ?? '', 'Timestamp', scopeOf(scene));
  if (isTimestamp(timestamp)) return Date.parse(timestamp);
  const problem = isInJsonPath(scene) ? (cause: string) => runtimeError(cause) : queryEvaluationError;
  throw problem(`The field 'Timestamp' must be a timestamp of RFC 3339, not '${timestamp}'.`, 'Timestamp');
}

/**
 * A number of seconds that a field gives as such, by an expression or by a path; undefined if there is none.
 * @throws StateFailure if it is no whole number from `least` to 99,999,999: `States.QueryEvaluationError`, in JSONPath
 * `States.Runtime`
 */
export async function secondsOf(
  state: object,
  name: 'Seconds' | 'TimeoutSeconds' | 'HeartbeatSeconds',
  scene: Scene,
  least: 0 | 1,
): Promise<number | undefined> {
  const field = isInJsonPath(scene) ? fieldOf(state, name, scene) : (state as Record<string, Json | undefined>)[name];
  if (field === undefined) return undefined;
  const seconds = isInJsonPath(scene) ? field : await evaluateAs('number', field, name, scopeOf(scene));
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= least && seconds <= maxSeconds) {
    return seconds;
  }
  const cause = `The field '${name}' must be a whole number from ${least} to ${maxSeconds}, not ${JSON.stringify(seconds)}.`;
  throw isInJsonPath(scene) ? runtimeError(cause) : queryEvaluationError(cause, name);
}
