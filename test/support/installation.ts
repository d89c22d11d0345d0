import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { apiClient, type Timeline } from '../../cli/api-client.ts';
import type { Release } from '../../shared/state/release.ts';
import { runSlipway, type SlipwayProcess } from './slipway-process.ts';

/** What a started Slipway prints about itself. */
export interface Installation {
  readonly apiUrl: string;
  readonly token: string;
  readonly siteUrl: string;
  readonly topicArn: string;
  readonly githubSecret: string;
  /** What an SDK client is made with. */
  readonly aws: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

/** A `slipway start` that serves, in a folder of its own. */
export interface StartedSlipway extends AsyncDisposable {
  readonly folder: string;
  readonly command: SlipwayProcess;
  readonly installation: Installation;
}

/** A folder that does not outlive the test. */
export function freshFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'slipway-scenario-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/**
 * Starts Slipway and waits until it serves. With `--ask` its first release waits for the test; with `--speed` nobody waits
 * for service intervals.
 */
export async function startSlipway(...args: readonly string[]): Promise<StartedSlipway> {
  const folder = freshFolder();
  const command = runSlipway(['--folder', folder.path, 'start', ...args]);
  const dispose = async (): Promise<void> => {
    await command[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  };
  try {
    const installation = await readBanner(command);
    return { folder: folder.path, command, installation, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Reads what `start` prints once it serves. */
export async function readBanner(command: SlipwayProcess): Promise<Installation> {
  const first = async (pattern: RegExp): Promise<string> => (await command.line(pattern))[1] ?? '';
  return {
    apiUrl: await first(/^Slipway runs at (\S+)$/),
    token: await first(/^ {2}token {3}(\S+)$/),
    siteUrl: await first(/^ {2}site {4}(\S+)$/),
    topicArn: await first(/^ {2}topic {3}(\S+)$/),
    githubSecret: await first(/-hmac (\S+) /),
    aws: {
      endpoint: await first(/export AWS_ENDPOINT_URL=([^;\s]+)/),
      region: await first(/export AWS_REGION=([^;\s]+)/),
      credentials: {
        accessKeyId: await first(/export AWS_ACCESS_KEY_ID=([^;\s]+)/),
        secretAccessKey: await first(/export AWS_SECRET_ACCESS_KEY=([^;\s]+)/),
      },
    },
  };
}

/** The release that `start` asks for by itself. */
export async function demoReleaseOf(command: SlipwayProcess): Promise<string> {
  const [, releaseId = ''] = await command.line(/was accepted: (r-[0-9a-f]{32})/);
  return releaseId;
}

/** An answer of the HTTP API. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks the API as the holder of the token, or with the headers given. */
export async function ask(
  { apiUrl, token }: Installation,
  path: string,
  request: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<ApiAnswer> {
  const { body, headers = { authorization: `Bearer ${token}` } } = request;
  const response = await fetch(`${apiUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as ApiAnswer['body'] }; // the API answers JSON objects only
}

/** Reads a release with its whole timeline until it is as wanted. */
export async function untilRelease(
  { apiUrl, token }: Installation,
  releaseId: string,
  isAsWanted: (release: Release) => boolean,
): Promise<Timeline> {
  const api = apiClient({ url: apiUrl, token });
  return vi.waitFor(
    async () => {
      const seen = await api.timeline(releaseId, 0);
      if (seen && isAsWanted(seen.release)) return seen;
      throw new Error(`release ${releaseId} is ${seen ? JSON.stringify(seen.release, undefined, 2) : 'not recorded'}`);
    },
    { timeout: 60_000, interval: 200 },
  );
}

/** Approves a release as soon as it waits for that. */
export async function approve(installation: Installation, releaseId: string): Promise<void> {
  await untilRelease(installation, releaseId, ({ approval }) => approval !== undefined);
  const answer = await ask(installation, '/api/commands/approve', { body: { release: releaseId } });
  if (answer.status !== 200) throw new Error(`approving answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
