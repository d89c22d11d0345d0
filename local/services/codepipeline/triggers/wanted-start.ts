import type { SourceRevisionRequest } from '../records/executions.ts';
import type { GitEvent } from './git-event.ts';
import type { Listener } from './listeners.ts';
import type { WantedStart } from './start.ts';
import { takes } from './takes.ts';

/**
 * The start that an event of a repository asks of one pipeline: one, however many of its source actions take it. A trigger
 * fetches the very commit; the others take the tip of their branch when they run.
 * @param listeners the pipeline's own
 * @param files the files that the event changes, by the branch that a pull request goes into where it does not say
 */
export async function wantedStart(
  repository: string,
  event: GitEvent,
  listeners: readonly (Listener & { readonly pipeline: string })[],
  files: (defaultBranch: string) => Promise<readonly string[]>,
): Promise<WantedStart | undefined> {
  const taking = [];
  for (const listener of listeners) {
    const { branch, by } = listener;
    const isTaken =
      typeof by === 'string'
        ? by !== 'event' && event.kind === 'branch' && event.name === branch
        : await takes(by, event, { defaultBranch: branch, files: () => files(branch) });
    if (isTaken) taking.push(listener);
  }
  const [first] = taking;
  if (!first) return undefined;
  return {
    pipeline: first.pipeline,
    trigger: triggerOf(first),
    sourceRevisions: taking.flatMap((listener) => revisionOf(event, listener)),
    because: `${described(event)} of ${repository} (${event.commit.slice(0, 12)})`,
  };
}

function triggerOf({ by, action }: Listener): WantedStart['trigger'] {
  if (by === 'poll') return { type: 'PollForSourceChanges', detail: action.name };
  // The ARN of the connection, as `trigger-detail` of events from pipelines with connections has it.
  return { type: 'WebhookV2', detail: action.configuration['ConnectionArn'] ?? '' };
}

function revisionOf(event: GitEvent, { by, action }: Listener): SourceRevisionRequest[] {
  if (typeof by === 'string') return [];
  const branch = event.kind === 'pull-request' ? event.from : event.kind === 'branch' ? event.name : undefined;
  return [
    {
      ...{ actionName: action.name, revisionType: 'COMMIT_ID', revisionValue: event.commit },
      ...(branch !== undefined && { branch }),
    },
  ];
}

const pullRequestWords = { OPEN: 'opened', UPDATED: 'updated', CLOSED: 'closed' } as const;

/** An event in words: `a push to main`. */
export function described(event: GitEvent): string {
  if (event.kind === 'pull-request') return `${pullRequestWords[event.event]} pull request ${event.number}`;
  return event.kind === 'tag' ? `tag ${event.name}` : `a push to ${event.name}`;
}
