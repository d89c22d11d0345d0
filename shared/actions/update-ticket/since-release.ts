import type { PastExecution } from '../gateways/executions.ts';

/** What one source took since the last release, before what it takes now. */
export interface TakenSince {
  /** The commit that it took for the last execution that succeeded; undefined if none is known, or what it took is no commit. */
  readonly released: string | undefined;
  /** What it takes now. */
  readonly now: string;
  /** What the executions in between, which did not get through, tell of their commits; newest first. */
  readonly summaries: readonly string[];
}

const commitPattern = /^[0-9a-f]{40}$/;

/**
 * What the sources of an execution took since the last one before it that succeeded.
 * @param history newest first; an execution that it does not hold took nothing
 */
export function sinceRelease(history: readonly PastExecution[], executionId: string): TakenSince[] {
  const index = history.findIndex(({ id }) => id === executionId);
  const before = history.slice(index + 1);
  const releasedAt = before.findIndex(({ status }) => status === 'Succeeded');
  const between = releasedAt === -1 ? before : before.slice(0, releasedAt);
  return (history[index]?.revisions ?? []).flatMap(({ source, id: now }) => {
    const released = before[releasedAt]?.revisions.find((one) => one.source === source)?.id;
    // A rollback, or a release that is made again: what came in between is not in it.
    if (released === now) return [];
    const taken = between.flatMap(({ revisions }) => revisions.filter((one) => one.source === source));
    const areCommits = commitPattern.test(now) && released !== undefined && commitPattern.test(released);
    return [{ released: areCommits ? released : undefined, now, summaries: taken.map(({ summary }) => summary) }];
  });
}
