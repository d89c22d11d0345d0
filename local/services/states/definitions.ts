import type { Store } from '../../store/store.ts';
import type { Definition } from './definition.ts';
import { readRevision, type Revision } from './machines.ts';

const maxKept = 1_000;
const revisions = new WeakMap<Store, Map<number, Revision>>();
const definitions = new WeakMap<Revision, Definition>();

/** The revision that an execution runs: read once, for a revision never changes. */
export function revisionOf(store: Store, id: number): Revision {
  const kept = revisions.get(store) ?? new Map<number, Revision>();
  revisions.set(store, kept);
  const known = kept.get(id);
  if (known) return known;
  if (kept.size >= maxKept) kept.clear();
  const revision = readRevision(store, id);
  kept.set(id, revision);
  return revision;
}

/** The definition of a revision, parsed once. It was checked when the revision was made. */
export function definitionOf(revision: Revision): Definition {
  const known = definitions.get(revision);
  if (known) return known;
  // checkDefinition has accepted this text.
  const definition = JSON.parse(revision.definition) as Definition;
  definitions.set(revision, definition);
  return definition;
}
