import { randomBytes } from 'node:crypto';
import type { CloudClock } from '../clock/clock.ts';
import type { Store } from '../store/store.ts';
import type { AwsCredentials, CredentialIssuer, Principal } from './principal.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Opens the credentials of a store. As on AWS, a user's keys stand alone (`AKIA…`) and those of roles and services come
 * with a session token (`ASIA…`), which their requests must carry. Expiry is by the cloud's clock.
 */
export function openCredentials(store: Store, clock: CloudClock): CredentialIssuer {
  store.migrate('gateway', [
    `CREATE TABLE gateway_credentials (access_key_id TEXT PRIMARY KEY, principal TEXT NOT NULL, secret TEXT NOT NULL,
       session_token TEXT, expires_at_ms INTEGER) STRICT, WITHOUT ROWID`,
    'CREATE INDEX gateway_credentials_lasting ON gateway_credentials (principal) WHERE expires_at_ms IS NULL',
  ]);

  const lasting = (principal: string): CredentialRow | undefined =>
    // The statement names the columns of the row's type.
    store
      .statement(`SELECT ${columns} FROM gateway_credentials WHERE principal = ? AND expires_at_ms IS NULL`)
      .get(principal) as CredentialRow | undefined;

  // A row is never changed, and every request asks for one.
  const known = new Map<string, KnownCredentials>();
  const read = (accessKeyId: string): KnownCredentials | undefined => {
    // The statement names the columns of the row's type.
    const row = store
      .statement(`SELECT ${columns} FROM gateway_credentials WHERE access_key_id = ?`)
      .get(accessKeyId) as CredentialRow | undefined;
    if (!row) return undefined;
    const { secretAccessKey, sessionToken } = credentialsOf(row);
    // Only `newRow` writes the column.
    const principal = JSON.parse(row.principal) as Principal;
    const credentials = { principal, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    return { credentials, expiresAtMs: row.expires_at_ms };
  };

  return {
    issue: (principal, { expiresAtMs } = {}) =>
      store.transaction(() => {
        const key = JSON.stringify(principal);
        const known = expiresAtMs === undefined ? lasting(key) : undefined;
        if (known) return credentialsOf(known);
        forgetExpired(store, clock);
        const made = newRow(principal, key, expiresAtMs);
        store
          .statement(`INSERT INTO gateway_credentials (${columns}) VALUES (?, ?, ?, ?, ?)`)
          .run(made.access_key_id, made.principal, made.secret, made.session_token, made.expires_at_ms);
        return credentialsOf(made);
      }),
    find(accessKeyId) {
      const found = known.get(accessKeyId) ?? read(accessKeyId);
      if (!found || (found.expiresAtMs !== null && found.expiresAtMs <= clock.nowMs())) return undefined;
      if (known.size >= knownCount) known.clear();
      known.set(accessKeyId, found);
      return found.credentials;
    },
  };
}

interface CredentialRow {
  readonly access_key_id: string;
  readonly principal: string;
  readonly secret: string;
  readonly session_token: string | null;
  readonly expires_at_ms: number | null;
}

interface KnownCredentials {
  readonly credentials: NonNullable<ReturnType<CredentialIssuer['find']>>;
  readonly expiresAtMs: number | null;
}

const knownCount = 1_000;
const columns = 'access_key_id, principal, secret, session_token, expires_at_ms';

function newRow(principal: Principal, key: string, expiresAtMs: number | undefined): CredentialRow {
  const isUser = principal.kind === 'user';
  return {
    access_key_id: `${isUser ? 'AKIA' : 'ASIA'}${randomBase32(16)}`,
    principal: key,
    secret: randomBytes(30).toString('base64'),
    session_token: isUser ? null : randomBytes(48).toString('base64'),
    expires_at_ms: expiresAtMs === undefined ? null : Math.floor(expiresAtMs),
  };
}

function randomBase32(length: number): string {
  return [...randomBytes(length)].map((byte) => base32.charAt(byte % base32.length)).join('');
}

function credentialsOf(row: CredentialRow): AwsCredentials {
  return {
    accessKeyId: row.access_key_id,
    secretAccessKey: row.secret,
    ...(row.session_token === null ? {} : { sessionToken: row.session_token }),
  };
}

function forgetExpired(store: Store, clock: CloudClock): void {
  store.statement('DELETE FROM gateway_credentials WHERE expires_at_ms <= ?').run(clock.nowMs());
}
