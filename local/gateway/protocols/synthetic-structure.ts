import { NormalizedSchema } from '@smithy/core/schema';
import { requiredMembers } from '../schema/service-schemas.ts';

type Members = readonly (readonly [string, NormalizedSchema])[];

const bodies = new WeakMap<NormalizedSchema, NormalizedSchema>();
const renamed = new Map<string, WeakMap<NormalizedSchema, NormalizedSchema>>();

/**
 * The part of a structure that travels in the body, under the structure's own name and traits. The members of one
 * structure that travel in the body are always the same, so it is made once.
 */
export function structureOf(whole: NormalizedSchema, members: Members): NormalizedSchema {
  const found = bodies.get(whole);
  if (found) return found;
  const [namespace = '', name = ''] = whole.getName(true)?.split('#') ?? [];
  const part = structure([namespace, name], whole, members);
  bodies.set(whole, part);
  return part;
}

/** The same structure under the name of another element (`PublishResult`). */
export function renamedStructure(whole: NormalizedSchema, name: string): NormalizedSchema {
  const sameName = renamed.get(name) ?? new WeakMap<NormalizedSchema, NormalizedSchema>();
  renamed.set(name, sameName);
  const found = sameName.get(whole);
  if (found) return found;
  const made = structure([whole.getName(true)?.split('#')[0] ?? '', name], whole, [...whole.structIterator()]);
  sameName.set(whole, made);
  return made;
}

function structure(id: readonly [string, string], whole: NormalizedSchema, members: Members): NormalizedSchema {
  const required = requiredMembers(whole);
  const inOrder = members.toSorted(([a], [b]) => Number(required.has(b)) - Number(required.has(a)));
  return NormalizedSchema.of([
    3,
    id[0],
    id[1],
    whole.getMergedTraits(),
    inOrder.map(([member]) => member),
    // Members are references or [reference, traits]; a normalized member's own reference is one of the two.
    inOrder.map(([, member]) => member.ref),
    inOrder.filter(([member]) => required.has(member)).length,
  ]);
}
