import type {
  GitPullRequestEventType,
  GitPullRequestFilter,
  GitPushFilter,
  PipelineDeclaration,
  PipelineTriggerDeclaration,
} from '@aws-sdk/client-codepipeline';
import { given } from './given.ts';

/** What starts a pipeline for changes in the repository of one source action, instead of a push to its branch. */
export interface TriggerStructure {
  readonly sourceAction: string;
  /** A push that any of them takes starts the pipeline. */
  readonly push: readonly PushFilter[];
  /** As for pushes. */
  readonly pullRequest: readonly PullRequestFilter[];
}

/** Globs: what none of `includes` takes is out (none at all takes everything), what one of `excludes` takes is out too. */
export interface Criteria {
  readonly includes: readonly string[];
  readonly excludes: readonly string[];
}

/** Everything that is there must take the push: tags alone, branches alone, or branches and file paths. */
export interface PushFilter {
  readonly tags?: Criteria;
  readonly branches?: Criteria;
  readonly filePaths?: Criteria;
}

/** Branches are those that pull requests go into. */
export interface PullRequestFilter {
  readonly events: readonly GitPullRequestEventType[];
  readonly branches?: Criteria;
  readonly filePaths?: Criteria;
}

const allEvents: readonly GitPullRequestEventType[] = ['OPEN', 'UPDATED', 'CLOSED'];

/** Reads the triggers of a declaration that has passed `checkInput`. */
export function readTriggers({ triggers = [] }: PipelineDeclaration): TriggerStructure[] {
  return triggers.map(readTrigger);
}

function readTrigger({ gitConfiguration }: PipelineTriggerDeclaration): TriggerStructure {
  const { sourceActionName, push = [], pullRequest = [] } = given(gitConfiguration);
  return {
    sourceAction: given(sourceActionName),
    push: push.map(readFilter),
    pullRequest: pullRequest.map((filter) => ({ ...readFilter(filter), events: filter.events ?? allEvents })),
  };
}

function readFilter(filter: GitPushFilter & GitPullRequestFilter): PushFilter {
  const { tags, branches, filePaths } = filter;
  return {
    ...(tags && { tags: readCriteria(tags) }),
    ...(branches && { branches: readCriteria(branches) }),
    ...(filePaths && { filePaths: readCriteria(filePaths) }),
  };
}

function readCriteria(criteria: { includes?: string[] | undefined; excludes?: string[] | undefined }): Criteria {
  return { includes: criteria.includes ?? [], excludes: criteria.excludes ?? [] };
}
