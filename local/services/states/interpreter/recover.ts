import type { MapState, ParallelState, TaskState } from '../definition.ts';
import type { Failure } from '../errors.ts';
import { decideRetry, handles } from '../retry.ts';
import { exit, type Outcome } from './outcome.ts';
import { exitWithResult } from './paths.ts';
import { isInJsonPath, scopeOf, type Scene } from './scene.ts';

/**
 * What a failed state comes to: a retry, the first catcher that names the error, or the failure of its group of states.
 * @throws StateFailure if the catcher's own Output or Assign fails
 */
export async function recover(
  state: TaskState | ParallelState | MapState,
  failure: Failure,
  scene: Scene,
): Promise<Outcome> {
  const retry = decideRetry(failure, state.Retry ?? [], scene.frame.retries, scene.random);
  if (retry.kind === 'retry') return retry;
  const catchers = state.Catch ?? [];
  const index = catchers.findIndex((each) => handles(each.ErrorEquals, failure));
  const catcher = catchers[index];
  if (!catcher) return { kind: 'fail', failure };
  const errorOutput = { Error: failure.error, ...(failure.cause !== undefined && { Cause: failure.cause }) };
  if (isInJsonPath(scene)) {
    const { ResultPath, Assign, Next } = catcher;
    return exitWithResult({ ResultPath, Assign }, scene, { result: errorOutput, next: Next });
  }
  const given = { output: errorOutput, next: catcher.Next, state: scene.frame.state };
  return exit({ ...catcher, place: `Catch[${index}]/` }, given, scopeOf(scene, { errorOutput }));
}
