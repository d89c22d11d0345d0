import { processorOf, type Definition, type StateGroup } from './definition.ts';
import type { Revision } from './machines.ts';

const definitions = new WeakMap<Revision, Definition>();

/** The definition of a revision, parsed once. It was checked when the revision was made. */
export function definitionOf(revision: Revision): Definition {
  const known = definitions.get(revision);
  if (known) return known;
  // checkDefinition has accepted this text.
  const definition = JSON.parse(revision.definition) as Definition;
  definitions.set(revision, definition);
  return definition;
}

/**
 * The group of states that a frame's path names: `/<state>/<branch>` for each level, `~1` for a slash in a name. The item
 * processor of a Map is its branch 0.
 */
export function groupAt(definition: Definition, path: string): StateGroup {
  let group: StateGroup = definition;
  const parts = path.split('/').slice(1);
  for (let index = 0; index < parts.length; index += 2) {
    const state: StateGroup['States'][string] | undefined = group.States[unescapeName(parts[index] ?? '')];
    const inner: StateGroup | undefined =
      state?.Type === 'Map'
        ? processorOf(state)
        : state?.Type === 'Parallel'
          ? state.Branches[Number(parts[index + 1])]
          : undefined;
    if (!inner) throw new Error(`the definition has no states at ${path}`);
    group = inner;
  }
  return group;
}

/** The path of a group of states inside a state of the group at `path`. */
export function innerPath(path: string, state: string, branch: number): string {
  return `${path}/${state.replaceAll('~', '~0').replaceAll('/', '~1')}/${branch}`;
}

function unescapeName(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
