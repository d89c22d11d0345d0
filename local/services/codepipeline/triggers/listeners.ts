import type { ActionStructure, Structure } from '../structure/structure.ts';
import type { TriggerStructure } from '../structure/triggers.ts';

/** What about a repository's changes starts a pipeline: one of its source actions, and how. */
export interface Listener {
  readonly repository: string;
  /** The branch that the action takes when nothing else says which. */
  readonly branch: string;
  readonly action: ActionStructure;
  /**
   * A declared trigger, a push to the branch through a connection, a push to it that polling finds, or the event that tells
   * of a change, for which rules start the pipeline.
   */
  readonly by: TriggerStructure | 'push' | 'poll' | 'event';
}

/**
 * The source actions of a pipeline that listen to a repository. A declared trigger takes the place of the default: a push
 * to the action's branch.
 */
export function listenersIn(structure: Structure): Listener[] {
  return (structure.stages[0]?.actions ?? []).flatMap((action): Listener[] => {
    const { configuration } = action;
    const branch = configuration['BranchName'] ?? '';
    if (action.type.provider === 'CodeStarSourceConnection') {
      const trigger = structure.triggers.find(({ sourceAction }) => sourceAction === action.name);
      const by = trigger ?? (isOn(configuration['DetectChanges']) ? 'push' : undefined);
      return by ? [{ repository: configuration['FullRepositoryId'] ?? '', branch, action, by }] : [];
    }
    if (action.type.provider !== 'CodeCommit') return [];
    const by = isOn(configuration['PollForSourceChanges']) ? 'poll' : 'event';
    return [{ repository: configuration['RepositoryName'] ?? '', branch, action, by }];
  });
}

/** Whether a source of S3 is polled: it is unless it says no. */
export function isPolledObject({ type, configuration }: ActionStructure): boolean {
  return type.category === 'Source' && type.provider === 'S3' && isOn(configuration['PollForSourceChanges']);
}

function isOn(setting = 'true'): boolean {
  return !/^false$/i.test(setting);
}
