import { createHash, randomBytes } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';

/** A task token: random, opaque, and known to the store by its hash only. */
export function newToken(): string {
  return randomBytes(64).toString('base64');
}

/** What a token is for. */
export interface TokenHolder {
  readonly executionArn: string;
  readonly frame: number;
  readonly turn: number;
}

/** Remembers whose token this is. */
export function keepToken(store: Store, token: string, holder: TokenHolder): void {
  store
    .statement('INSERT INTO states_tokens (hash, execution_arn, frame, turn) VALUES (?, ?, ?, ?)')
    .run(hashOf(token), holder.executionArn, holder.frame, holder.turn);
}

/**
 * The holder of a token, answered or not.
 * @throws AwsError `InvalidToken` for a text that cannot be a token, `TaskDoesNotExist` for a token of no execution
 */
export function findToken(store: Store, token: string | undefined): TokenHolder {
  if (!token || !/^[A-Za-z0-9+/]{86}==$/.test(token))
    throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  const row = store.statement('SELECT execution_arn, frame, turn FROM states_tokens WHERE hash = ?').get(hashOf(token));
  if (!row) throw new AwsError('TaskDoesNotExist', "Task Does Not Exist: 'Provided task does not exist'");
  return { executionArn: String(row['execution_arn']), frame: Number(row['frame']), turn: Number(row['turn']) };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
