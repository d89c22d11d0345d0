import type { CreateCustomActionTypeInput, Tag } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';
import type { ActionTypeName } from '../structure/structure.ts';
import { findActionType, putActionType } from './action-types.ts';
import { findPipeline } from './pipelines.ts';

/** What can have tags: a pipeline by its name, or a custom action type. */
export type Tagged = { readonly pipeline: string } | { readonly actionType: Omit<ActionTypeName, 'owner'> };

/** The tags of what is there; undefined if it is not. */
export function findTags(store: Store, tagged: Tagged): readonly Tag[] | undefined {
  if ('pipeline' in tagged) return findPipeline(store, tagged.pipeline)?.tags;
  const definition = definitionOf(store, tagged.actionType);
  return definition && (definition.tags ?? []);
}

/** Replaces the tags of something that is there. */
export function putTags(store: Store, tagged: Tagged, tags: readonly Tag[]): void {
  if ('pipeline' in tagged) {
    store
      .statement('UPDATE codepipeline_pipelines SET tags = ? WHERE name = ?')
      .run(JSON.stringify(tags), tagged.pipeline);
    return;
  }
  const definition = definitionOf(store, tagged.actionType);
  if (definition) putActionType(store, { ...definition, tags: [...tags] });
}

function definitionOf(store: Store, type: Omit<ActionTypeName, 'owner'>): CreateCustomActionTypeInput | undefined {
  const known = findActionType(store, type);
  return known?.isDeleted === false ? known.definition : undefined;
}
