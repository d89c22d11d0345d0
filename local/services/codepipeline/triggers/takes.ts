import type { Criteria, PullRequestFilter, PushFilter, TriggerStructure } from '../structure/triggers.ts';
import type { GitEvent, PullRequest, Push } from './git-event.ts';
import { compileGlob } from './glob.ts';

/** What an event is looked at beside itself. */
export interface EventSurroundings {
  /** The branch that a pull request goes into where it does not say. */
  readonly defaultBranch: string;
  /** The files that the event changes: asked for by a filter of file paths only. */
  files(): Promise<readonly string[]>;
}

/** Whether a trigger starts its pipeline for an event: one of the filters of its kind takes it. */
export async function takes(
  trigger: TriggerStructure,
  event: GitEvent,
  surroundings: EventSurroundings,
): Promise<boolean> {
  const fitting =
    event.kind === 'pull-request'
      ? trigger.pullRequest.filter((filter) => takesPullRequest(filter, event, surroundings))
      : trigger.push.filter((filter) => takesPush(filter, event));
  // One file that is taken is enough.
  const whole: PushFilter | undefined = fitting.find(({ filePaths }) => !filePaths);
  if (whole !== undefined || fitting.length === 0) return whole !== undefined;
  const files = await surroundings.files();
  return fitting.some(({ filePaths }) => files.some((file) => isTaken(filePaths, file)));
}

function takesPush({ tags, branches }: PushFilter, { kind, name }: Push): boolean {
  const criteria = kind === 'tag' ? tags : branches;
  return criteria !== undefined && isTaken(criteria, name);
}

function takesPullRequest(
  { events, branches }: PullRequestFilter,
  { event, into }: PullRequest,
  { defaultBranch }: EventSurroundings,
): boolean {
  return events.includes(event) && isTaken(branches, into ?? defaultBranch);
}

/** Excludes come first. */
function isTaken(criteria: Criteria | undefined, name: string): boolean {
  const { includes = [], excludes = [] } = criteria ?? {};
  if (excludes.some((glob) => compileGlob(glob).test(name))) return false;
  return includes.length === 0 || includes.some((glob) => compileGlob(glob).test(name));
}
