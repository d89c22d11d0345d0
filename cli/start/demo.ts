import { createHmac, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Release } from '../../shared/state/release.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Print } from '../output.ts';
import { watchRelease } from '../watch.ts';

/** The example's repository and branch, as its declaration has them. */
const repository = 'acme/checkout';
const branch = 'main';

const acceptedSchema = z.object({ status: z.string(), releaseId: z.string() });

/** What a push to the example's repository looks like: the body that GitHub would send, and its signature. */
export interface SignedPush {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes a push of a commit, signed as GitHub signs it. */
export function signedPush(commit: string, secret: string): SignedPush {
  const body = JSON.stringify({
    ref: `refs/heads/${branch}`,
    before: '0'.repeat(40),
    after: commit,
    deleted: false,
    repository: { full_name: repository },
    sender: { login: 'octocat' },
    head_commit: { id: commit, message: 'Open the checkout', timestamp: new Date().toISOString() },
  });
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  };
}

/**
 * Sends a push to the webhook, as GitHub would.
 * @returns the release that it asked for
 * @throws CliError if the webhook refuses it
 */
export async function pushToWebhook(apiUrl: string, commit: string, secret: string): Promise<string> {
  const { body, headers } = signedPush(commit, secret);
  const response = await fetch(`${apiUrl}/webhooks/github`, { method: 'POST', headers, body });
  const answer = acceptedSchema.safeParse(await response.json().catch(() => undefined));
  if (!answer.success)
    throw new CliError(
      `the webhook answered ${response.status} instead of accepting the push; "slipway logs triggers-receive-github" says more`,
    );
  return answer.data.releaseId;
}

/** How a demo release is accompanied. */
export interface DemoOptions {
  readonly print: Print;
  /** Leaves the approval to the person. */
  readonly ask: boolean;
  readonly signal: AbortSignal;
  /** How long the demo looks at an approval before it answers; default 10 s. */
  readonly approvesAfterMs?: number;
}

/**
 * Watches a release to its end, and approves what it waits for after 10 s unless the person wants to. A release ahead of
 * it, which a start left behind that was killed, is answered too: it would hold the slot for ever.
 */
export async function accompany(api: ApiClient, releaseId: string, options: DemoOptions): Promise<Release> {
  const { print, signal } = options;
  const timers = new Map<string, NodeJS.Timeout>();
  const answer = (release: Release): void => {
    if (!release.approval || timers.has(release.releaseId)) return;
    timers.set(release.releaseId, answerLater(api, release.releaseId, options));
  };
  const onChange = (release: Release): void => {
    answer(release);
    if (release.status !== 'queued') return;
    // A look that fails is made good by the next.
    api.releases({ service: release.service }).then(
      (all) => all.forEach(answer),
      () => undefined,
    );
  };
  try {
    return await watchRelease(api, releaseId, { print, onChange, signal });
  } finally {
    for (const timer of timers.values()) clearTimeout(timer);
  }
}

function answerLater(api: ApiClient, releaseId: string, options: DemoOptions): NodeJS.Timeout {
  const { print, ask, approvesAfterMs = 10_000 } = options;
  if (ask) print(`          waiting for you:  npm run slipway -- approve ${releaseId}   (or reject)`);
  else
    print(`          the demo approves in ${approvesAfterMs / 1000} s by itself; start with --ask to answer yourself`);
  return setTimeout(() => ask || void approve(api, releaseId, print), approvesAfterMs);
}

async function approve(api: ApiClient, releaseId: string, print: Print): Promise<void> {
  try {
    await api.command('approve', { release: releaseId, comment: 'the demo approves by itself' });
  } catch (error) {
    // Somebody else may have answered meanwhile; the release shows it.
    print(`          not approved by the demo: ${error instanceof Error ? error.message : String(error)}`);
  }
}
