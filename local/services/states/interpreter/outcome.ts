import type { Json, JsonObject } from '../../../json.ts';
import { checkPayload, checkVariables } from '../errors.ts';
import type { ForkLimits, NewChild, ScheduledTask } from '../frames.ts';
import type { TaskResource } from '../integrations/integration.ts';
import { jsonText } from '../json-text.ts';
import { evaluateTemplate, type Scope } from '../jsonata.ts';

/** What a state comes to, as plain data. */
export type Outcome =
  /** The state is over; without `next` so is its group of states. */
  | { readonly kind: 'exit'; readonly output: Json; readonly assigned: JsonObject; readonly next?: string | undefined }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | CallOutcome
  | ForkOutcome
  | { readonly kind: 'retry'; readonly retrier: number; readonly delaySeconds: number }
  /** The group of states fails; a Fail state may do so without an error's name. */
  | { readonly kind: 'fail'; readonly failure: { readonly error?: string; readonly cause?: string } };

/** A task to be called. */
export interface CallOutcome {
  readonly kind: 'call';
  readonly resource: TaskResource;
  readonly task: ScheduledTask;
  readonly token?: string;
  readonly timeoutSeconds?: number;
}

/** Branches or items to be run. */
export interface ForkOutcome {
  readonly kind: 'fork';
  readonly limits: ForkLimits;
  readonly children: readonly NewChild[];
}

/** The fields with which a state, a choice or a catcher makes its output. `place` is their path in the state, if any. */
export interface OutputFields {
  readonly Output?: Json | undefined;
  readonly Assign?: JsonObject | undefined;
  readonly place?: string;
}

/**
 * The end of a state: Output and Assign both see the variables as they were before.
 * @throws StateFailure `States.QueryEvaluationError`, or `States.DataLimitExceeded` for what is too large
 */
export async function exit(
  fields: OutputFields,
  given: { readonly output: Json; readonly next?: string | undefined; readonly state: string },
  scope: Scope,
): Promise<Outcome> {
  const { Output, Assign, place = '' } = fields;
  const output = Output === undefined ? given.output : await evaluateTemplate(Output, `${place}Output`, scope);
  const assigned = Assign === undefined ? {} : await evaluateTemplate(Assign, `${place}Assign`, scope);
  checkPayload(jsonText(output), `state/task '${given.state}'`);
  checkPayload(JSON.stringify(assigned), `Assign of the state '${given.state}'`);
  checkVariables(scope.variables, assigned as JsonObject);
  // A template that is an object yields an object.
  return { kind: 'exit', output, assigned: assigned as JsonObject, next: given.next };
}
