import { failureOf, type Failure } from '../errors.ts';
import type { State } from '../definition.ts';
import { forkStarted, stateEntered, stateExited, errorDetails, type NewEvent } from '../history.ts';
import { taskScheduled } from '../integrations/task-events.ts';
import { choice } from './choice.ts';
import { fail } from './fail.ts';
import type { CallOutcome, ForkOutcome, Outcome } from './outcome.ts';
import { map } from './map.ts';
import { parallel } from './parallel.ts';
import { pass } from './pass.ts';
import type { Scene } from './scene.ts';
import type { StateRunner } from './state-runner.ts';
import { succeed } from './succeed.ts';
import { recover } from './recover.ts';
import { task } from './task.ts';
import { wait } from './wait.ts';

/** One step of a frame, decided and not yet done: what the history gets, and what comes of the state. */
export interface Decision {
  readonly events: readonly NewEvent[];
  readonly outcome: Outcome;
}

const runners: { readonly [Type in State['Type']]: StateRunner<Extract<State, { Type: Type }>> } = {
  Task: task,
  Pass: pass,
  Choice: choice,
  Wait: wait,
  Succeed: succeed,
  Fail: fail,
  Parallel: parallel,
  Map: map,
};

/**
 * Decides the next step of a frame that can go on. Nothing is changed: the same scene gives the same decision, but for
 * tokens, jitter and the random functions of expressions.
 */
export async function decide(scene: Scene): Promise<Decision> {
  const { frame, group } = scene;
  const state = group.States[frame.state];
  if (!state) throw new Error(`the definition of ${scene.execution.arn} has no state ${frame.state}`);
  const events: NewEvent[] = [];
  if (frame.phase === 'enter') events.push(stateEntered(state.Type, frame.state, frame.input));
  const outcome = await outcomeOf(state, scene, events);
  events.push(...eventsOf(outcome, state, scene));
  return { events, outcome };
}

/** The outcome of a step; a failed evaluation is one more event, and is itself retried or caught. */
async function outcomeOf(state: State, scene: Scene, events: NewEvent[]): Promise<Outcome> {
  let failure: Failure;
  try {
    if (scene.frame.phase !== 'failure') return await proceed(state, scene);
    failure = scene.frame.work.failure ?? { error: 'States.TaskFailed' };
  } catch (caught) {
    failure = placed(failureOf(caught), scene);
    events.push(...evaluationFailed(failure, scene));
  }
  if (state.Type !== 'Task' && state.Type !== 'Parallel' && state.Type !== 'Map') return { kind: 'fail', failure };
  try {
    return await recover(state, failure, scene);
  } catch (caught) {
    const second = placed(failureOf(caught), scene);
    events.push(...evaluationFailed(second, scene));
    return { kind: 'fail', failure: second };
  }
}

async function proceed(state: State, scene: Scene): Promise<Outcome> {
  // The table has, for each type, the runner of states of that type.
  const runner = runners[state.Type] as StateRunner<State>;
  const isResumed = scene.frame.phase === 'result' || scene.frame.phase === 'woken';
  if (isResumed && runner.resume) return runner.resume(state, scene);
  return runner.enter(state, scene);
}

/** Errors of the interpreter say which state they come from. */
function placed(failure: Failure, { frame }: Scene): Failure {
  if (failure.error === 'States.DataLimitExceeded') return failure;
  const place = `An error occurred while executing the state '${frame.state}' (entered at the event id #${frame.enteredEvent}).`;
  return { ...failure, cause: `${place} ${failure.cause ?? ''}`.trim() };
}

function evaluationFailed(failure: Failure, { frame }: Scene): NewEvent[] {
  if (failure.error !== 'States.QueryEvaluationError') return [];
  const location = failure.location === undefined ? {} : { location: failure.location };
  const details = { ...errorDetails(failure), ...location, state: frame.state };
  return [{ type: 'EvaluationFailed', details: { evaluationFailedEventDetails: details } }];
}

function eventsOf(outcome: Outcome, state: State, scene: Scene): NewEvent[] {
  if (outcome.kind === 'exit') return [stateExited(state.Type, scene.frame.state, outcome.output, outcome.assigned)];
  if (outcome.kind === 'fork') return forkEvents(outcome);
  if (outcome.kind !== 'call') return [];
  return taskScheduled(outcome.resource, outcome.task.arguments, limits(outcome), scene.region);
}

/** A Map of no items is over at once. */
function forkEvents({ limits: { kind }, children }: ForkOutcome): NewEvent[] {
  const started = forkStarted(kind, children.length);
  return children.length > 0 ? [started] : [started, { type: `${kind}StateSucceeded`, details: {} }];
}

function limits(call: CallOutcome): { timeoutSeconds?: number; heartbeatSeconds?: number } {
  const { timeoutSeconds, task: scheduled } = call;
  return {
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(scheduled.heartbeatSeconds !== undefined && { heartbeatSeconds: scheduled.heartbeatSeconds }),
  };
}
