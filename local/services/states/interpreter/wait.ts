import { isTimestamp } from '../check-definition.ts';
import type { WaitState } from '../definition.ts';
import { queryEvaluationError } from '../errors.ts';
import { evaluateAs } from '../jsonata.ts';
import { exit } from './outcome.ts';
import { scopeOf, type Scene } from './scene.ts';
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

function leave(state: WaitState, scene: Scene): ReturnType<typeof exit> {
  return exit(state, { output: scene.frame.input, next: state.Next, state: scene.frame.state }, scopeOf(scene));
}

async function untilMsOf(state: WaitState, scene: Scene): Promise<number> {
  if (state.Seconds !== undefined)
    return scene.nowMs + 1_000 * (await wholeSeconds(state.Seconds, 'Seconds', scene, 0));
  const timestamp = await evaluateAs('string', state.Timestamp ?? '', 'Timestamp', scopeOf(scene));
  if (isTimestamp(timestamp)) return Date.parse(timestamp);
  throw queryEvaluationError(`The field 'Timestamp' must be a timestamp of RFC 3339, not '${timestamp}'.`, 'Timestamp');
}

/**
 * A number of seconds that a field gives as such or by an expression.
 * @throws StateFailure `States.QueryEvaluationError` if it is no whole number from `least` to 99,999,999
 */
export async function wholeSeconds(field: number | string, name: string, scene: Scene, least: 0 | 1): Promise<number> {
  const seconds = await evaluateAs('number', field, name, scopeOf(scene));
  if (Number.isInteger(seconds) && seconds >= least && seconds <= maxSeconds) return seconds;
  throw queryEvaluationError(
    `The field '${name}' must be a whole number from ${least} to ${maxSeconds}, not ${seconds}.`,
    name,
  );
}
