import { hash } from 'node:crypto';
import type { TransactWriteItemsInput } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../errors.ts';
import { base64 } from '../attribute-values.ts';
import type { Database } from '../database.ts';
import { constraintError } from '../errors.ts';

/** How long a token protects from doing the same again. */
const tokenLifeMs = 10 * 60_000;

/** Checks the length of a token. @throws ValidationException */
export function checkToken(token: string | undefined): void {
  if (token === undefined || (token.length >= 1 && token.length <= 36)) return;
  throw constraintError(
    'clientRequestToken',
    token,
    `Member must have length ${token === '' ? 'greater than or equal to 1' : 'less than or equal to 36'}`,
  );
}

/**
 * Whether the same request was carried out within the last minutes; if not, it is remembered in the open transaction.
 * @throws IdempotentParameterMismatchException if the token was used for another request
 */
export function isRepeated(database: Database, input: TransactWriteItemsInput): boolean {
  const { ClientRequestToken: token, ...request } = input;
  if (token === undefined) return false;
  const { store, clock } = database.context;
  store.statement('DELETE FROM dynamodb_transaction_tokens WHERE at_ms <= ?').run(clock.nowMs() - tokenLifeMs);
  const known = store.statement('SELECT request FROM dynamodb_transaction_tokens WHERE token = ?').get(token);
  const print = fingerprint(request);
  if (known && known['request'] !== print) {
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The provided request token was already used with different request parameters',
    );
  }
  if (known) return true;
  store
    .statement('INSERT INTO dynamodb_transaction_tokens (token, request, at_ms) VALUES (?, ?, ?)')
    .run(token, print, clock.nowMs());
  return false;
}

function fingerprint(request: object): string {
  const text = JSON.stringify(request, (_, value: unknown) => (value instanceof Uint8Array ? base64(value) : value));
  return hash('sha256', text);
}
