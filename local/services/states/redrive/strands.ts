import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../../../json.ts';
import { groupAt, innerPath } from '../definitions.ts';
import type { Definition } from '../definition.ts';

/** One thread of control as the history tells it: where it stands, and what it carried there. */
export interface Strand {
  readonly parent?: Strand;
  /** The group of states that it runs, as a frame's path. */
  readonly path: string;
  state: string;
  /** What the state was entered with; absent before the first state. */
  input?: Json;
  variables: JsonObject;
  enteredEvent: number;
  enteredAtMs: number;
  lastEvent: number;
  /** Whether it was ended because another branch or iteration failed. */
  isAborted?: boolean;
  /** Set when the state has been left, and no next one entered. */
  left?: { readonly output: Json };
  /** The branches or iterations of the state that it is in. */
  fork?: { isOpen: boolean; hasSucceeded: boolean; readonly children: Map<number, Strand> };
}

/**
 * Reads back from a history which states have no `…StateExited` for their `…StateEntered`: those are what a redrive runs
 * again (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html).
 */
export function strandsOf(events: readonly HistoryEvent[], definition: Definition): Strand | undefined {
  const reader = new StrandReader(definition);
  for (const event of events) reader.read(event);
  return reader.root;
}

class StrandReader {
  root: Strand | undefined;
  readonly #definition: Definition;
  readonly #byEvent = new Map<number, Strand>();

  constructor(definition: Definition) {
    this.#definition = definition;
  }

  read(event: HistoryEvent): void {
    const { type = '', id = 0 } = event;
    if (type.startsWith('Execution')) return;
    const strand = this.#strandOf(type, event);
    if (!strand) return;
    this.#byEvent.set(id, strand);
    strand.lastEvent = id;
    strand.isAborted = type.endsWith('StateAborted');
    if (type.endsWith('StateEntered')) enter(strand, event);
    else if (type.endsWith('StateExited')) leave(strand, event);
    else if (/^(Parallel|Map)StateStarted$/.test(type)) {
      strand.fork = { isOpen: true, hasSucceeded: false, children: new Map() };
    } else if (/^(Parallel|Map)State(Succeeded|Failed)$/.test(type) && strand.fork) {
      strand.fork.isOpen = false;
      strand.fork.hasSucceeded = type.endsWith('Succeeded');
    }
  }

  #strandOf(type: string, { previousEventId = 0, ...event }: HistoryEvent): Strand | undefined {
    const before = this.#byEvent.get(previousEventId);
    if (type === 'MapIterationStarted') {
      const index = event.mapIterationStartedEventDetails?.index ?? 0;
      return before && (before.fork?.children.get(index) ?? child(before, index, 0));
    }
    // What ends a fork follows the last event of one of its children.
    if (/^(Parallel|Map)State(Succeeded|Failed)$/.test(type)) return before?.fork?.isOpen ? before : before?.parent;
    const name = event.stateEnteredEventDetails?.name;
    if (name === undefined) return before;
    if (!before) return (this.root ??= newStrand('', name));
    // Also of a Parallel that has failed: a redrive begins the branches that had not begun.
    return before.fork && !before.fork.hasSucceeded ? this.#branchOf(before, name) : before;
  }

  /** The branch of a Parallel that begins with a state: no two states of a machine share a name. */
  #branchOf(parent: Strand, name: string): Strand {
    const state = groupAt(this.#definition, parent.path).States[parent.state];
    const branches = state?.Type === 'Parallel' ? state.Branches : [];
    const index = branches.findIndex(({ States }) => Object.hasOwn(States, name));
    return index < 0 ? parent : child(parent, index, index);
  }
}

function newStrand(path: string, state: string, parent?: Strand): Strand {
  const own = { path, state, enteredEvent: 0, enteredAtMs: 0, lastEvent: 0 };
  return { ...own, variables: parent?.variables ?? {}, ...(parent && { parent }) };
}

/** A Map has one group of states for all its iterations, a Parallel one for each branch. */
function child(parent: Strand, index: number, group: number): Strand {
  const made = newStrand(innerPath(parent.path, parent.state, group), '', parent);
  parent.fork?.children.set(index, made);
  return made;
}

function enter(strand: Strand, { id = 0, timestamp, stateEnteredEventDetails: details }: HistoryEvent): void {
  strand.state = details?.name ?? '';
  strand.input = JSON.parse(details?.input ?? 'null') as Json;
  strand.enteredEvent = id;
  strand.enteredAtMs = timestamp?.getTime() ?? 0;
  delete strand.left;
  delete strand.fork;
}

function leave(strand: Strand, { stateExitedEventDetails: details }: HistoryEvent): void {
  const assigned = Object.entries(details?.assignedVariables ?? {}).map(
    // Variables are written as JSON texts.
    ([name, value]): [string, Json] => [name, JSON.parse(value) as Json],
  );
  strand.variables = { ...strand.variables, ...Object.fromEntries(assigned) };
  strand.left = { output: JSON.parse(details?.output ?? 'null') as Json };
  delete strand.fork;
}
