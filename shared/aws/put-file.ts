import { setTimeout as sleep } from 'node:timers/promises';
import { ActionFailed } from '../actions/result.ts';

/** A file for a URL that a service has signed. The URL is a credential: no message names it. */
export interface SignedPut {
  readonly name: string;
  readonly url: string;
  readonly content: Uint8Array;
}

const tryCount = 3;

/**
 * Puts a file to a signed URL; a server's failure or none at all is tried again twice.
 * @throws ActionFailed SystemUnavailable if it does not arrive
 */
export async function putFile(
  { name, url, content }: SignedPut,
  signal: AbortSignal,
  { send = fetch, pause = pauseFor }: { readonly send?: typeof fetch; readonly pause?: typeof pauseFor } = {},
): Promise<void> {
  // A Blob is sent with its length, which S3 asks for.
  const request = { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, signal };
  let problem = '';
  for (let count = 1; count <= tryCount; count += 1) {
    if (count > 1) await pause(1_000 * count, signal);
    try {
      const response = await send(url, { ...request, body: new Blob([Uint8Array.from(content)]) });
      await response.body?.cancel();
      if (response.ok) return;
      problem = `its storage answered ${response.status}`;
      if (response.status < 500) break;
    } catch {
      signal.throwIfAborted();
      problem = 'its storage gave no answer';
    }
  }
  throw new ActionFailed('SystemUnavailable', `file ${name} could not be uploaded: ${problem}; retry the stage`);
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
