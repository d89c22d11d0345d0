import type { GitPullRequestEventType } from '@aws-sdk/client-codepipeline';
import type { Refs } from '../records/refs.ts';

/** What has happened in a repository between two looks at it. */
export type GitEvent = Push | PullRequest;

/** A branch or tag that is new or stands for another commit. */
export interface Push {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
  readonly commit: string;
  /** Where the ref stood before; absent for a new one. */
  readonly before?: string;
}

/** A pull request that has come, moved or gone. */
export interface PullRequest {
  readonly kind: 'pull-request';
  readonly event: GitPullRequestEventType;
  readonly number: string;
  /** The commit that it wants to bring in. */
  readonly commit: string;
  /** The branch that it comes from: one that stands for its commit, else its ref. */
  readonly from: string;
  /** The branch that it goes into, where `refs/pull/<n>/base` says it. */
  readonly into?: string;
}

const heads = 'refs/heads/';
const pullHead = /^refs\/pull\/(.+)\/head$/;

/**
 * What has happened since the refs stood as in `before`. A deleted branch or tag is no push. A pull request is its ref as
 * GitHub serves it, `refs/pull/<n>/head`: opened when the ref is new, updated when it moves, closed when it is deleted.
 */
export function gitEvents(before: Refs, after: Refs): GitEvent[] {
  const changed = [...after].filter(([name, commit]) => before.get(name) !== commit);
  const pushes = changed.flatMap(([name, commit]) => pushOf(name, commit, before.get(name)));
  const moved = changed.flatMap(([name, commit]) =>
    pullRequestOf(name, commit, before.has(name) ? 'UPDATED' : 'OPEN', after),
  );
  const gone = [...before].filter(([name]) => !after.has(name));
  const closed = gone.flatMap(([name, commit]) =>
    pullRequestOf(name, commit, 'CLOSED', new Map([...before, ...after])),
  );
  return [...pushes, ...moved, ...closed];
}

function pushOf(name: string, commit: string, before: string | undefined): Push[] {
  const [, kind, short] = /^refs\/(heads|tags)\/(.+)$/.exec(name) ?? [];
  if (short === undefined) return [];
  return [{ kind: kind === 'heads' ? 'branch' : 'tag', name: short, commit, ...(before !== undefined && { before }) }];
}

function pullRequestOf(name: string, commit: string, event: GitPullRequestEventType, refs: Refs): PullRequest[] {
  const number = pullHead.exec(name)?.[1];
  if (number === undefined) return [];
  const base = refs.get(`refs/pull/${number}/base`);
  const into = base?.startsWith(heads) ? base.slice(heads.length) : undefined;
  const branches = [...refs].filter(([ref, other]) => ref.startsWith(heads) && other === commit);
  const from = branches.map(([ref]) => ref.slice(heads.length)).find((branch) => branch !== into);
  return [
    {
      ...{ kind: 'pull-request', event, number, commit },
      from: from ?? `pull/${number}/head`,
      ...(into !== undefined && { into }),
    },
  ];
}
