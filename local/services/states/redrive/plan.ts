import type { Json, JsonObject } from '../../../json.ts';
import type { CloudContext } from '../../service-module.ts';
import { definitionOf, groupAt } from '../definitions.ts';
import type { Definition, State } from '../definition.ts';
import { StateFailure } from '../errors.ts';
import type { Execution } from '../executions.ts';
import type { Frame } from '../frames.ts';
import { map } from '../interpreter/map.ts';
import type { ForkOutcome, Outcome } from '../interpreter/outcome.ts';
import { parallel } from '../interpreter/parallel.ts';
import type { Scene } from '../interpreter/scene.ts';
import { readRevision } from '../machines.ts';
import type { Strand } from './strands.ts';

/** How a thread of control goes on in a redrive. */
export type Resumption =
  | { readonly kind: 'done'; readonly output: Json }
  /** Has entered no state; an iteration that was started, and no more, goes on after that event. */
  | { readonly kind: 'new'; readonly lastEvent?: number }
  | StateResumption;

/** A state that runs again: from its beginning, or with those of its branches or iterations that have not succeeded. */
export interface StateResumption {
  readonly kind: 'state';
  /**
   * `again` in a state that was entered already, `enter` in the one after the last that was left, `result` in a Parallel or a
   * Map that had all its results and was ended before it could be left.
   */
  readonly phase: 'again' | 'enter' | 'result';
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly enteredEvent: number;
  readonly enteredAtMs: number;
  readonly lastEvent: number;
  readonly result?: Json;
  readonly fork?: { readonly outcome: ForkOutcome; readonly children: readonly Resumption[] };
}

/** Decides how an execution that has ended goes on, from what its history says. Changes nothing. */
export async function planRedrive(context: CloudContext, execution: Execution, root: Strand): Promise<StateResumption> {
  const planner = new Planner(context, execution);
  const plan = await planner.plan(root);
  if (plan.kind !== 'state') throw new Error(`the history of ${execution.arn} says that it has succeeded`);
  return plan;
}

class Planner {
  readonly #context: CloudContext;
  readonly #execution: Execution;
  readonly #definition: Definition;

  constructor(context: CloudContext, execution: Execution) {
    this.#context = context;
    this.#execution = execution;
    this.#definition = definitionOf(readRevision(context.store, execution.revision));
  }

  async plan(strand: Strand): Promise<Resumption> {
    const { state: name, input, variables, enteredEvent, enteredAtMs, lastEvent, left } = strand;
    const state = groupAt(this.#definition, strand.path).States[name];
    if (!state || input === undefined) return { kind: 'new', ...(lastEvent > 0 && { lastEvent }) };
    if (left && isLast(state)) return { kind: 'done', output: left.output };
    const at = { kind: 'state', variables, enteredEvent, enteredAtMs, lastEvent } as const;
    const next = left && onlyNext(state);
    // Which way a Choice or a Catch went is not in the history: the state decides again.
    if (left && next !== undefined) return { ...at, phase: 'enter', state: next, input: left.output };
    const result = this.#resultOf(strand);
    if (result) return { ...at, phase: 'result', state: name, input, result };
    const fork = await this.#fork(state, strand);
    return { ...at, phase: 'again', state: name, input, ...(fork && { fork }) };
  }

  /** The outputs of a fork that has succeeded, unless it was what came of them that failed. */
  #resultOf({ fork, isAborted }: Strand): Json[] | undefined {
    if (!fork?.hasSucceeded || (!isAborted && this.#execution.status === 'FAILED')) return undefined;
    const children = [...fork.children].toSorted(([one], [other]) => one - other);
    return children.flatMap(([, { left }]) => (left ? [left.output] : []));
  }

  /** What is left of a Parallel or a Map; undefined if all of it runs again, as after a result that was too large. */
  async #fork(state: State, strand: Strand): Promise<StateResumption['fork']> {
    if (!strand.fork || strand.fork.hasSucceeded || strand.fork.children.size === 0) return undefined;
    const outcome = await this.#outcomeOf(state, strand);
    if (outcome?.kind !== 'fork' || outcome.children.length < strand.fork.children.size) return undefined;
    const children: Resumption[] = [];
    for (const index of outcome.children.keys()) {
      const child = strand.fork.children.get(index);
      children.push(child ? await this.plan(child) : { kind: 'new' });
    }
    return { outcome, children };
  }

  async #outcomeOf(state: State, strand: Strand): Promise<Outcome | undefined> {
    const scene = this.#sceneOf(strand);
    try {
      if (state.Type === 'Parallel') return await parallel.enter(state, scene);
      return state.Type === 'Map' ? await map.enter(state, scene) : undefined;
    } catch (error) {
      if (error instanceof StateFailure) return undefined;
      throw error;
    }
  }

  #sceneOf({ path, state, input = null, variables, enteredEvent, enteredAtMs, lastEvent }: Strand): Scene {
    const execution = this.#execution;
    const { roleArn } = readRevision(this.#context.store, execution.revision);
    const at = { path, state, input, variables, enteredEvent, enteredAtMs, lastEvent };
    const frame: Frame = { ...at, id: 0, executionArn: execution.arn, turn: 0, phase: 'again', retries: [], work: {} };
    return {
      frame,
      group: groupAt(this.#definition, path),
      queryLanguage: this.#definition.QueryLanguage,
      eventCount: execution.events,
      execution: {
        arn: execution.arn,
        name: execution.name,
        // It was checked to be JSON when the execution was started.
        input: JSON.parse(execution.input) as Json,
        startedAtMs: execution.startedAtMs,
        machineArn: execution.machineArn,
        machineName: execution.machineArn.split(':').at(-1) ?? '',
        roleArn,
        redriveCount: execution.redriveCount + 1,
        redrivenAtMs: this.#context.clock.nowMs(),
      },
      region: this.#context.region,
      nowMs: this.#context.clock.nowMs(),
      random: Math.random,
      newToken: () => '',
    };
  }
}

function isLast(state: State): boolean {
  return state.Type === 'Succeed' || ('End' in state && state.End === true);
}

function onlyNext(state: State): string | undefined {
  const isForked = state.Type === 'Choice' || ('Catch' in state && (state.Catch ?? []).length > 0);
  return isForked || !('Next' in state) ? undefined : state.Next;
}
