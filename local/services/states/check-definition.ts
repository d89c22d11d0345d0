import type * as z from 'zod';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import { checkFieldsOf, checkPaths } from './check-paths.ts';
import { checkExpressions } from './check-expressions.ts';
import {
  languageOf,
  machineSchema,
  processorOf,
  stateSchemas,
  type Definition,
  type MapState,
  type ParallelState,
  type State,
  type StateGroup,
  type TaskState,
  type WaitState,
} from './definition.ts';
import { invalidDefinition } from './errors.ts';
import { isExpression } from './jsonata.ts';
import { isTimestamp } from './timestamp.ts';

/** Refuses what an integration cannot be, e.g. an unknown resource; `place` is the state's path. */
export type CheckTask = (state: TaskState, place: string) => void;

/**
 * Reads and checks a definition as CreateStateMachine does.
 * @throws AwsError `InvalidDefinition` with the place of the mistake, or `NotImplemented` for what is not supported
 * locally, e.g. distributed Maps
 */
export function checkDefinition(text: string, checkTask: CheckTask): Definition {
  const { errors, definition } = diagnose(text, checkTask);
  if (definition) return definition;
  throw errors[0] ?? new Error('a definition without a mistake was not read');
}

/** All that is wrong with a definition: one mistake of each state at most, and what is wrong with the whole. */
export function diagnose(
  text: string,
  checkTask: CheckTask,
): { readonly errors: readonly AwsError[]; readonly definition?: Definition } {
  const errors: AwsError[] = [];
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push(error);
      return undefined;
    }
  };
  const definition = attempt(() => readDefinition(text, { checkTask, names: new Set(), attempt }));
  return errors.length === 0 && definition ? { errors, definition } : { errors };
}

function readDefinition(text: string, given: Omit<Check, 'language'>): Definition {
  if (text.trim() === '') throw invalidDefinition('MISSING_DESCRIPTION: the definition is empty', '/');
  const machine = parseWith(machineSchema, parseJson(text), '');
  const group = checkGroup(machine, '', { ...given, language: machine.QueryLanguage });
  const { TimeoutSeconds, QueryLanguage } = machine;
  return { ...group, QueryLanguage, ...(TimeoutSeconds !== undefined && { TimeoutSeconds }) };
}

/** What one pass over a definition carries along. */
interface Check {
  readonly language: string | undefined;
  readonly checkTask: CheckTask;
  /** Every state name seen: no two states of a machine share one. */
  readonly names: Set<string>;
  /** Does a part of the work and notes its mistake, so that the others are found too. */
  attempt<Result>(work: () => Result): Result | undefined;
}

type UnreadGroup = { readonly StartAt: string; readonly States: Readonly<Record<string, { Type: string }>> };

/** Checks some states: a machine's, a branch's or an item processor's. */
function checkGroup({ StartAt, States }: UnreadGroup, at: string, check: Check): StateGroup {
  const states: Record<string, State> = {};
  for (const [name, state] of Object.entries(States)) {
    const place = `${at}/States/${name}`;
    const checked = check.attempt(() => {
      if (check.names.has(name)) throw invalidDefinition(`DUPLICATE_STATE_NAME: Duplicate State name: ${name}`, place);
      check.names.add(name);
      return checkState(name, state, place, check);
    });
    if (checked) states[name] = checked;
  }
  // A state that could not be read might be the one that is missing.
  const isWhole = Object.keys(states).length === Object.keys(States).length;
  if (isWhole) check.attempt(() => checkTransitions(StartAt, states, at));
  return { StartAt, States: states };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidDefinition(`INVALID_JSON_DESCRIPTION: ${error instanceof Error ? error.message : 'no JSON'}`, '/');
  }
}

/** Says the first thing that a schema finds, at its place. */
function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? [])
    .map((part) => (typeof part === 'number' ? `[${part}]` : `/${String(part)}`))
    .join('');
  throw invalidDefinition(`SCHEMA_VALIDATION_FAILED: ${sentence(issue)}`, `${place}${path}` || '/');
}

function sentence(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return `Field is not supported: ${issue.keys.join(', ')}`;
  if (issue?.code === 'invalid_type' && issue.input === undefined) return `The field is required: ${issue.message}`;
  return issue?.message ?? 'the definition is not valid';
}

function checkState(name: string, state: { Type: string }, place: string, check: Check): State {
  refuseDistributed(name, state);
  const schema = Object.hasOwn(stateSchemas, state.Type) && stateSchemas[state.Type as keyof typeof stateSchemas];
  if (!schema) throw invalidDefinition(`SCHEMA_VALIDATION_FAILED: Unknown state type: ${state.Type}`, `${place}/Type`);
  if ('Credentials' in state) throw notSupportedLocally(`state ${name}: Credentials`);
  // The groups inside are still unread, and are checked below; their expressions are checked there too.
  const checked = parseWith(schema as z.ZodType<State>, state, place);
  checkNextOrEnd(checked, place);
  if (checked.Type === 'Wait') checkWait(checked, place);
  if (checked.Type === 'Map') checkProcessor(checked, place);
  if ('Retry' in checked || 'Catch' in checked) checkErrorHandlers(checked, place);
  if (checked.Type === 'Task') {
    checkTimeouts(checked, place);
    check.checkTask(checked, place);
  }
  checkLanguage(checked, check.language, place);
  for (const [group, at] of groupsOf(checked)) checkGroup(group, `${place}${at}`, check);
  return checked;
}

/** @throws AwsError `NotImplemented`, by name, for what only distributed Maps have */
function refuseDistributed(name: string, state: { Type: string }): void {
  if (state.Type !== 'Map') return;
  const processors = [
    'ItemProcessor' in state ? state.ItemProcessor : undefined,
    'Iterator' in state ? state.Iterator : undefined,
  ];
  if (JSON.stringify(processors).includes('"Mode":"DISTRIBUTED"')) {
    throw notSupportedLocally(`state ${name}: a Map in mode DISTRIBUTED`);
  }
  const field = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'].find((each) => each in state);
  if (field !== undefined) throw notSupportedLocally(`state ${name}: ${field} (of a distributed Map)`);
}

/** The groups of states inside a state, each with its path below the state. */
function groupsOf(state: State): [group: UnreadGroup, at: string][] {
  if (state.Type === 'Map') return [[processorOf(state), state.ItemProcessor ? '/ItemProcessor' : '/Iterator']];
  if (state.Type !== 'Parallel') return [];
  return state.Branches.map((branch, index) => [branch, `/Branches[${index}]`]);
}

function ownFields(state: State): object {
  return { ...state, ItemProcessor: undefined, Iterator: undefined, Branches: undefined };
}

function checkLanguage(state: State, machineLanguage: string | undefined, place: string): void {
  if (machineLanguage === 'JSONata' && state.QueryLanguage === 'JSONPath') {
    throw invalidDefinition(
      "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
      `${place}/QueryLanguage`,
    );
  }
  const language = languageOf(state, machineLanguage);
  checkFieldsOf(language, state, place);
  if (language === 'JSONPath') return checkPaths(state, place);
  for (const [index, { Condition }] of (state.Type === 'Choice' ? state.Choices : []).entries()) {
    if (Condition !== undefined) continue;
    throw invalidDefinition(
      'SCHEMA_VALIDATION_FAILED: The field is required: Condition',
      `${place}/Choices[${index}]/Condition`,
    );
  }
  checkExpressions(ownFields(state), place);
}

function checkNextOrEnd(state: State, place: string): void {
  if (state.Type === 'Choice' || state.Type === 'Succeed' || state.Type === 'Fail') return;
  if ((state.Next === undefined) === (state.End === undefined)) {
    throw invalidDefinition("SCHEMA_VALIDATION_FAILED: exactly one of 'Next' and 'End' is required", place);
  }
}

function checkWait(state: WaitState, place: string): void {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = state;
  if ([Seconds, SecondsPath, Timestamp, TimestampPath].filter((field) => field !== undefined).length !== 1) {
    throw invalidDefinition("SCHEMA_VALIDATION_FAILED: exactly one of 'Seconds' and 'Timestamp' is required", place);
  }
  if (Timestamp !== undefined && !isExpression(Timestamp) && !isTimestamp(Timestamp)) {
    throw invalidDefinition('SCHEMA_VALIDATION_FAILED: not a timestamp of RFC 3339', `${place}/Timestamp`);
  }
}

function checkProcessor({ ItemProcessor, Iterator }: MapState, place: string): void {
  if ((ItemProcessor === undefined) !== (Iterator === undefined)) return;
  throw invalidDefinition('SCHEMA_VALIDATION_FAILED: The field is required: ItemProcessor', `${place}/ItemProcessor`);
}

function checkErrorHandlers(state: TaskState | ParallelState | MapState, place: string): void {
  for (const field of ['Retry', 'Catch'] as const) {
    const handlers = state[field] ?? [];
    for (const [index, { ErrorEquals: names }] of handlers.entries()) {
      if (!names.includes('States.ALL')) continue;
      const at = `${place}/${field}[${index}]/ErrorEquals`;
      if (names.length > 1) throw invalidDefinition("SCHEMA_VALIDATION_FAILED: 'States.ALL' must appear alone", at);
      if (index < handlers.length - 1)
        throw invalidDefinition("SCHEMA_VALIDATION_FAILED: 'States.ALL' must be last", at);
    }
  }
  for (const [index, { IntervalSeconds = 1, MaxDelaySeconds }] of (state.Retry ?? []).entries()) {
    if (MaxDelaySeconds !== undefined && MaxDelaySeconds <= IntervalSeconds) {
      throw invalidDefinition(
        'SCHEMA_VALIDATION_FAILED: MaxDelaySeconds must be greater than IntervalSeconds',
        `${place}/Retry[${index}]`,
      );
    }
  }
}

function checkTimeouts(state: TaskState, place: string): void {
  const { HeartbeatSeconds: heartbeat, TimeoutSeconds: timeout } = state;
  if (typeof heartbeat === 'number' && typeof timeout === 'number' && heartbeat >= timeout) {
    throw invalidDefinition('SCHEMA_VALIDATION_FAILED: HeartbeatSeconds must be smaller than TimeoutSeconds', place);
  }
}

/** Every transition leads somewhere, and every state can be reached. */
function checkTransitions(startAt: string, states: Readonly<Record<string, State>>, place: string): void {
  if (!Object.hasOwn(states, startAt)) throw missingTarget(`Missing 'StartAt' target: ${startAt}`, `${place}/StartAt`);
  const reached = new Set([startAt]);
  for (const name of reached) {
    const state = states[name];
    if (!state) continue;
    for (const [target, at] of targets(state)) {
      if (!Object.hasOwn(states, target))
        throw missingTarget(`Missing 'Next' target: ${target}`, `${place}/States/${name}${at}`);
      reached.add(target);
    }
  }
  const lost = Object.keys(states).find((name) => !reached.has(name));
  if (lost !== undefined) throw missingTarget(`State "${lost}" is not reachable.`, `${place}/States/${lost}`);
  if (!Object.values(states).some(isTerminal))
    throw invalidDefinition('MISSING_END_STATE: No state ends it', place || '/');
}

function isTerminal(state: State): boolean {
  return state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End === true);
}

function targets(state: State): [target: string, at: string][] {
  const found: [string, string][] = [];
  if ('Next' in state && state.Next !== undefined) found.push([state.Next, '/Next']);
  if (state.Type === 'Choice') {
    for (const [index, { Next }] of state.Choices.entries()) found.push([Next, `/Choices[${index}]/Next`]);
    if (state.Default !== undefined) found.push([state.Default, '/Default']);
  }
  if ('Catch' in state) {
    for (const [index, { Next }] of (state.Catch ?? []).entries()) found.push([Next, `/Catch[${index}]/Next`]);
  }
  return found;
}

function missingTarget(problem: string, at: string): AwsError {
  return invalidDefinition(`MISSING_TRANSITION_TARGET: ${problem}`, at);
}
