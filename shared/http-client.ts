import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { messageOf } from './errors.ts';

/** What is sent. */
export interface HttpRequest {
  /** Default `GET`. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent with its length. */
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** What comes back; whoever gets it reads the body to its end, or discards it. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Decoded. Throws the reason of the request's signal once that is aborted. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

/** Headers by their names in any case; several of one name are one, with commas between. */
export interface HttpHeaders {
  get(name: string): string | undefined;
}

/**
 * Sends one request, whatever the answer's status; redirects are the caller's to follow.
 * @throws the reason of the signal once it is aborted; Error if there is no answer, with nothing of what was sent
 */
export type SendHttp = (url: string | URL, request?: HttpRequest) => Promise<HttpResponse>;

/**
 * A client for other people's HTTP servers, over Node's own; loading `fetch` takes a third of the time of a function's first
 * job. Connections are kept for as long as the client is: make one for each job, since Lambda freezes a function between
 * two of them, and a connection that its server closed meanwhile fails the next request.
 */
export function httpClient(): SendHttp {
  const http = { request: requestHttp, agent: new HttpAgent({ keepAlive: true }) };
  const https = { request: requestHttps, agent: new HttpsAgent({ keepAlive: true }) };
  return (url, { method = 'GET', headers = {}, body, signal } = {}) =>
    new Promise((resolve, reject) => {
      const target = new URL(url);
      const { request, agent } = target.protocol === 'http:' ? http : https;
      const options = {
        method,
        agent,
        headers: { 'accept-encoding': 'gzip, br', ...headers },
        ...(signal && { signal }),
      };
      request(target, options)
        .on('response', (incoming) => resolve(responseOf(incoming, signal)))
        .on('upgrade', (_answer, socket) => {
          socket.destroy();
          reject(new Error('it switched to another protocol, which nobody asked for'));
        })
        .on('error', (error) => reject(reasonOf(error, signal)))
        .end(body);
    });
}

function responseOf(incoming: IncomingMessage, signal: AbortSignal | undefined): HttpResponse {
  return {
    // A client's message has one.
    status: incoming.statusCode ?? 0,
    headers: {
      get(name) {
        const value = incoming.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : value;
      },
    },
    body: bodyOf(incoming, signal),
    discard: () => void incoming.destroy(),
  };
}

async function* bodyOf(incoming: IncomingMessage, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    yield* await decoded(incoming);
  } catch (error) {
    throw reasonOf(error, signal);
  }
}

/** Loaded on demand: few servers compress what an action asks. */
async function decoded(incoming: IncomingMessage): Promise<Readable> {
  const coding = incoming.headers['content-encoding']?.trim().toLowerCase();
  if (coding !== 'gzip' && coding !== 'br') return incoming;
  const { createBrotliDecompress, createGunzip } = await import('node:zlib');
  // Reading what it gives back throws what went wrong on the way.
  return pipeline(incoming, coding === 'br' ? createBrotliDecompress() : createGunzip(), () => undefined);
}

/** Node's errors may hold what came, byte by byte; of them only what they say in one line goes on. */
function reasonOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  return new Error(networkProblem(error));
}

/** Library, function, reason and file of an error, as OpenSSL writes them (ERR_error_string). */
const ofOpenSsl = /error:[0-9A-F]{8}:[^:]*:[^:]*:(?<reason>[^:]+):/;

/**
 * What went wrong on a connection, in one line. OpenSSL's messages hold an address, a path of its source and a line break
 * around their reason, which alone goes on.
 */
export function networkProblem(thrown: unknown): string {
  const message = messageOf(thrown);
  const text = ofOpenSsl.exec(message)?.groups?.['reason'] ?? message;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no answer';
  return text.replaceAll(/\s+/g, ' ').trim() || code;
}
