import type { Aws } from './aws.ts';
import type { Heard } from './heard.ts';

/**
 * One kind of work that is going on when the cloud is killed: a file in `works/` and a line in the registry. A piece of
 * it has a name that is used once.
 */
export interface Work {
  readonly name: string;
  /** Begins a piece. Resolves when the cloud has acknowledged it; what rejects is in doubt, and may have happened. */
  begin(aws: Aws, piece: string): Promise<void>;
  /** Looks at a piece, as often as asked, until nothing is missing. */
  check(piece: Piece, seen: Seen): Promise<Finding>;
}

/** A piece that was begun. */
export interface Piece {
  readonly name: string;
  /** False: the cloud was killed before it answered. */
  readonly isAcknowledged: boolean;
}

/** What a check may look at: the cloud, and what was heard from it since the first start. */
export interface Seen {
  readonly aws: Aws;
  readonly heard: Heard;
}

/** What a check found. */
export interface Finding {
  /** What has to come still; if it never does, it is lost. */
  readonly missing: readonly string[];
  /** What nothing can mend: a second end, a gap, a wrong value. */
  readonly broken: readonly string[];
}

/** Nothing is missing, nothing broken. */
export const whole: Finding = { missing: [], broken: [] };

/** Several findings as one. */
export function together(findings: readonly Finding[]): Finding {
  return {
    missing: findings.flatMap(({ missing }) => missing),
    broken: findings.flatMap(({ broken }) => broken),
  };
}

/** A finding that says `what` is missing unless it is there. */
export function expectThere(isThere: boolean, what: string): Finding {
  return isThere ? whole : { missing: [what], broken: [] };
}
