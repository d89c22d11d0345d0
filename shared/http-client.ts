import { isUtf8 } from 'node:buffer';
import {
  Agent as HttpAgent,
  request as requestHttp,
  type AgentOptions,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
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

/** Without them firewalls of sites (AWS WAF's core rules, for one) take a request for a bot's. */
const customary = { 'user-agent': 'slipway', accept: '*/*', 'accept-encoding': 'gzip, br' };

/**
 * A client for other people's HTTP servers, over Node's own; loading `fetch` takes a third of the time of a function's first
 * job. Connections are kept for as long as the client is: make one for each job, since Lambda freezes a function between
 * two of them. A kept connection may be closed by the server just when it is used: then a request that may be repeated (RFC
 * 9110, 9.2.2) is sent again, and one that may not goes over a connection of its own. A proxy of the environment is used where
 * Node is told to (`NODE_USE_ENV_PROXY`).
 */
export function httpClient(): SendHttp {
  const proxy = process.env['NODE_USE_ENV_PROXY'] === '1' ? { proxyEnv: process.env } : {};
  const [kept, own] = [agents({ keepAlive: true, ...proxy }), agents({ keepAlive: false, ...proxy })];
  return async (url, { method = 'GET', headers = {}, body, signal } = {}) => {
    const target = new URL(url);
    const request = target.protocol === 'http:' ? requestHttp : requestHttps;
    const mayRepeat = !['POST', 'PATCH'].includes(method);
    const options = { method, headers: { ...customary, ...lowerCased(headers) }, ...(signal && { signal }) };
    const send = (by: Agents): Promise<IncomingMessage> =>
      answerTo(request(target, { ...options, agent: by(target) }), body);
    try {
      const answer = mayRepeat ? send(kept).catch((error: unknown) => retry(error, () => send(own))) : send(own);
      return responseOf(await answer, { method, signal });
    } catch (error) {
      throw reasonOf(error, signal);
    }
  };
}

type Agents = (target: URL) => HttpAgent;

function agents(options: AgentOptions): Agents {
  const [http, https] = [new HttpAgent(options), new HttpsAgent(options)];
  return ({ protocol }) => (protocol === 'http:' ? http : https);
}

function retry(error: unknown, again: () => Promise<IncomingMessage>): Promise<IncomingMessage> {
  return error instanceof ConnectionWasClosed ? again() : Promise.reject(error);
}

/** A request by itself, behind which no connection is kept. */
export const sendOnce: SendHttp = (url, request) => httpClient()(url, request);

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A kept connection that the server closed while it was idle, which shows when it is used (Node.js, `request.reusedSocket`). */
class ConnectionWasClosed extends Error {}

async function answerTo(request: ClientRequest, body: string | Uint8Array | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request
      .on('response', resolve)
      .on('upgrade', (_answer, socket) => {
        socket.destroy();
        reject(new Error('it switched to another protocol, which nobody asked for'));
      })
      .on('error', (error) => {
        const isClosed = request.reusedSocket && 'code' in error && /^(ECONNRESET|EPIPE)$/.test(String(error.code));
        reject(isClosed ? new ConnectionWasClosed() : error);
      })
      .end(body);
  });
}

/** What the answer is to. */
interface Asked {
  readonly method: string;
  readonly signal: AbortSignal | undefined;
}

function responseOf(incoming: IncomingMessage, asked: Asked): HttpResponse {
  return {
    // A client's message has one.
    status: incoming.statusCode ?? 0,
    headers: {
      get(name) {
        const value = incoming.headers[name.toLowerCase()];
        return value === undefined ? undefined : textOf([value].flat().join(', '));
      },
    },
    body: bodyOf(incoming, asked),
    discard: () => void incoming.destroy(),
  };
}

/** Node reads headers byte by byte; many servers write UTF-8 into them. */
function textOf(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

async function* bodyOf(incoming: IncomingMessage, asked: Asked): AsyncGenerator<Uint8Array> {
  try {
    yield* await decoded(incoming, asked);
  } catch (error) {
    throw reasonOf(error, asked.signal);
  }
}

/** Loaded on demand: few servers compress what an action asks. What has no body may name a coding all the same. */
async function decoded(incoming: IncomingMessage, { method }: Asked): Promise<Readable> {
  const coding = incoming.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const hasBody = method !== 'HEAD' && incoming.statusCode !== 204 && incoming.statusCode !== 304;
  if (!hasBody || !/^(x-)?gzip$|^br$/.test(coding)) return incoming;
  const { constants, createBrotliDecompress, createGunzip } = await import('node:zlib');
  // As browsers do: what came is read, also if the coding's own end is missing.
  const decoder =
    coding === 'br'
      ? createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })
      : createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  // Reading what it gives back throws what went wrong on the way.
  return pipeline(incoming, decoder, () => undefined);
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
