import { pauseFor } from '../actions/pause.ts';
import { ActionFailed } from '../actions/result.ts';
import { httpClient, type SendHttp } from '../http-client.ts';

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
  { send = httpClient(), pause = pauseFor }: { readonly send?: SendHttp; readonly pause?: typeof pauseFor } = {},
): Promise<void> {
  const request = { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: content, signal };
  let problem = '';
  for (let count = 1; count <= tryCount; count += 1) {
    if (count > 1) await pause(1_000 * count, signal);
    try {
      const { status, discard } = await send(url, request);
      discard();
      if (status < 300) return;
      problem = `its storage answered ${status}`;
      if (status < 500) break;
    } catch {
      signal.throwIfAborted();
      problem = 'its storage gave no answer';
    }
  }
  throw new ActionFailed('SystemUnavailable', `file ${name} could not be uploaded: ${problem}; retry the stage`);
}
