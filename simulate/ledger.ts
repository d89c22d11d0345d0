import type { Piece, Work } from './work.ts';

/** A piece in the ledger. */
export interface Entry extends Piece {
  readonly work: Work;
}

/** What was begun, outside the process that is killed. */
export interface Ledger {
  /** Begins a piece under a name that is used once, and notes whether it was acknowledged. */
  begin(work: Work, begin: (piece: string) => Promise<void>): Promise<boolean>;
  readonly entries: readonly Entry[];
}

/** An empty ledger. */
export function openLedger(): Ledger {
  const entries: Entry[] = [];
  let begunCount = 0;
  return {
    entries,
    async begin(work, begin) {
      begunCount += 1;
      const name = `${work.name.replaceAll(' ', '-')}-${begunCount}`;
      let isAcknowledged = true;
      await begin(name).catch((error: unknown) => {
        if (isRefusal(error)) throw error;
        isAcknowledged = false;
      });
      entries.push({ work, name, isAcknowledged });
      return isAcknowledged;
    },
  };
}

/** An answer of a cloud that lives; whatever a kill causes has no answer. */
function isRefusal(error: unknown): boolean {
  // The SDK's errors carry the status of the answer, if there was one.
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return metadata?.httpStatusCode !== undefined;
}
