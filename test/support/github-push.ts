import { createHmac } from 'node:crypto';
import type { ApiAnswer, Installation } from './installation.ts';

/** What GitHub sends of a push to the example's branch (webhook documentation, "push"), the parts that matter. */
export function pushOf(commit: string, changes: object = {}): object {
  return {
    ref: 'refs/heads/main',
    before: '0'.repeat(40),
    after: commit,
    deleted: false,
    repository: { id: 35129377, full_name: 'acme/checkout', private: true },
    pusher: { name: 'octocat', email: 'octocat@github.com' },
    sender: { login: 'octocat', id: 583231 },
    head_commit: { id: commit, message: 'Open the checkout earlier' },
    ...changes,
  };
}

/** A delivery to the webhook. Without a signature the body is signed with the installation's secret. */
export interface Delivery {
  readonly body: string | Uint8Array;
  readonly event?: string;
  readonly deliveryId?: string;
  /** `null` sends none. */
  readonly signature?: string | null;
}

/** Delivers a webhook over HTTP as GitHub would. */
export async function deliver(
  { apiUrl, githubSecret }: Installation,
  { body, event = 'push', deliveryId = '72d3162e-cc78-11e3-81ab-4c9367dc0958', signature }: Delivery,
): Promise<ApiAnswer> {
  const signed = signature === undefined ? signatureOf(body, githubSecret) : signature;
  const response = await fetch(`${apiUrl}/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-event': event,
      'x-github-delivery': deliveryId,
      ...(signed !== null && { 'x-hub-signature-256': signed }),
    },
    body: Buffer.from(body),
  });
  return { status: response.status, body: (await response.json()) as ApiAnswer['body'] }; // the API answers JSON objects only
}

/** Delivers a signed push of a commit. @returns the release that it asked for */
export async function push(installation: Installation, commit: string): Promise<string> {
  const { status, body } = await deliver(installation, { body: JSON.stringify(pushOf(commit)) });
  if (status !== 202 || body['status'] !== 'accepted')
    throw new Error(`a push answered ${status} ${JSON.stringify(body)}`);
  return String(body['releaseId']);
}

/** The header of a body (GitHub documentation, "Validating webhook deliveries"). */
export function signatureOf(body: string | Uint8Array, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
