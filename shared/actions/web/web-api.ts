import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import { httpClient, type HttpHeaders, type HttpRequest, type HttpResponse, type SendHttp } from '../../http-client.ts';
import { pauseFor } from '../pause.ts';
import { ActionFailed, type FailureType } from '../result.ts';

/** One call of somebody's HTTP API. */
export interface WebCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Added to the API's base URL, which an empty one leaves as it is. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is, with the content type that `headers` give. */
  readonly body?: unknown;
  /**
   * Whether the call may be made again after a server's failure or no answer at all. Default: every method but POST and PATCH,
   * which a proxy may well have handed on before it answers 502, 503 or 504. In any case a call is made again after a limit of
   * its rate (429), and after a 503 that says when to come back (`Retry-After`): a server says so of what it did not begin
   * (RFC 9110, 15.6.4), a proxy that lost its upstream on the way does not.
   */
  readonly isRepeatable?: boolean;
  /** Statuses past 299 that the caller wants to see instead of a failure, e.g. 404. */
  readonly accepted?: readonly number[];
}

/** What came back. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The body; JSON is read by `json`. */
  readonly text: string;
  /** @throws ActionFailed if the body is no JSON, e.g. a proxy's page */
  json(): unknown;
}

/** An HTTP API that an action uses. */
export interface WebApi {
  /**
   * Makes a call. Waits as long as `Retry-After` or a used-up limit's `x-ratelimit-reset` says, with back-off otherwise, at most
   * 4 tries and never past the action's own time.
   * @throws ActionFailed PermissionError for 401 and 403, ConfigurationError for another refusal, SystemUnavailable for
   *   a limit of the rate, a server's failure or no answer after the last try
   */
  call(call: WebCall): Promise<WebAnswer>;
}

/** How an action reaches an API. */
export interface WebApiOptions {
  /** What people call it, e.g. `Jira`. Messages name it, and never its URL, which may hold a token. */
  readonly name: string;
  /** With or without a slash at its end. */
  readonly baseUrl: string;
  /** Sent with every call; credentials belong here. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** How long the action may still run, in milliseconds. */
  readonly remainingMs: () => number;
  readonly clock: Clock;
  /** One try's limit; default 10 s. */
  readonly timeoutMs?: number;
  /** The most that is read of an answer; default 5 MB. */
  readonly maxBytes?: number;
  readonly send?: SendHttp;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const tryCount = 4;
const longestBackoffMs = 8_000;

/** An API behind HTTP with JSON bodies, the way every action calls one. Redirects are refused: they would carry credentials along. */
export function webApi(options: WebApiOptions): WebApi {
  const send = options.send ?? httpClient();
  return {
    async call(call) {
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await attemptCall(call, { ...options, send });
        if (!('retryAfterMs' in outcome)) return outcome.answer;
        const waitMs = outcome.retryAfterMs ?? Math.min(longestBackoffMs, 500 * 2 ** attempt);
        if (!outcome.mayRepeat || attempt === tryCount || waitMs > options.remainingMs()) throw outcome.failure;
        await (options.pause ?? pauseFor)(waitMs, options.signal);
      }
    },
  };
}

type Outcome =
  | { readonly answer: WebAnswer }
  | { readonly failure: ActionFailed; readonly retryAfterMs: number | undefined; readonly mayRepeat: boolean };

async function attemptCall(call: WebCall, options: WebApiOptions & { readonly send: SendHttp }): Promise<Outcome> {
  const isRepeatable = call.isRepeatable ?? !['POST', 'PATCH'].includes(call.method);
  let response: HttpResponse;
  let text: string;
  try {
    response = await options.send(urlOf(call, options), requestOf(call, options));
    text = await readText(response, options);
  } catch (thrown) {
    if (thrown instanceof ActionFailed) throw thrown;
    options.signal.throwIfAborted();
    const failure = failed('SystemUnavailable', `${options.name} gave no answer (${reasonOf(thrown)})`, thrown);
    return { failure, retryAfterMs: undefined, mayRepeat: isRepeatable };
  }
  const { status, headers } = response;
  if (status < 300 || call.accepted?.includes(status)) return { answer: answerOf(status, headers, text, options) };
  const isLimit = isRateLimit(status, headers);
  const askedMs = retryAfterMs(headers, options.clock);
  return {
    failure: refusal(status, call, { ...options, isLimit }),
    retryAfterMs: askedMs ?? (isLimit ? resetMs(headers, options.clock) : undefined),
    mayRepeat: isLimit || (status === 503 && askedMs !== undefined) || (status >= 500 && isRepeatable),
  };
}

/**
 * GitHub says 403 as well as 429 of a limit
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
 */
function isRateLimit(status: number, headers: HttpHeaders): boolean {
  if (status !== 403) return status === 429;
  return headers.get('retry-after') !== undefined || isUsedUp(headers);
}

function isUsedUp(headers: HttpHeaders): boolean {
  return headers.get('x-ratelimit-remaining') === '0';
}

function urlOf({ path }: WebCall, { baseUrl }: WebApiOptions): string {
  if (path === '') return baseUrl;
  return `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

function requestOf({ method, headers, body }: WebCall, options: WebApiOptions): HttpRequest {
  const timeout = AbortSignal.timeout(Math.min(options.timeoutMs ?? 10_000, Math.max(1, options.remainingMs())));
  return {
    method,
    headers: {
      accept: 'application/json',
      'user-agent': 'slipway',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.any([timeout, options.signal]),
  };
}

/** Reads a body up to the limit, whatever its length claims to be. */
async function readText({ body }: HttpResponse, { name, maxBytes = 5_000_000 }: WebApiOptions): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw failed('SystemUnavailable', `${name} answered more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answerOf(status: number, headers: HttpHeaders, text: string, { name }: WebApiOptions): WebAnswer {
  return {
    status,
    headers,
    text,
    json() {
      try {
        return JSON.parse(text);
      } catch {
        // Its error quotes the body, which may hold what it answers to us alone.
        const type = headers.get('content-type')?.split(';')[0] ?? 'a body of no type';
        throw failed(
          'SystemUnavailable',
          `${name} answered ${status} with ${type}, JSON was expected; is its URL right?`,
        );
      }
    },
  };
}

/** The body stays out of the message: it may quote what was sent. */
function refusal(
  status: number,
  { method, path }: WebCall,
  { name, isLimit }: { readonly name: string; readonly isLimit: boolean },
): ActionFailed {
  const what = `${name} answered ${status} to ${method} ${path.split('?')[0]}`.trimEnd();
  if (isLimit) return failed('SystemUnavailable', `${what}; its limit of calls is used up, try again later`);
  if (status === 401 || status === 403)
    return failed('PermissionError', `${what}; check the credentials and what they may do`);
  if (status < 400) return failed('ConfigurationError', `${what}; redirects are not followed, so give the URL itself`);
  if (status >= 500) return failed('SystemUnavailable', `${what}; try again later`);
  return failed('ConfigurationError', `${what}; check the action's parameters`);
}

function failed(type: FailureType, message: string, cause?: unknown): ActionFailed {
  return new ActionFailed(type, message, { cause });
}

/** `Retry-After`: seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: HttpHeaders, clock: Clock): number | undefined {
  const header = headers.get('retry-after');
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - clock.nowMs();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/**
 * When a limit that is used up starts anew: GitHub says it in seconds since 1970, Datadog in seconds from now
 * (https://docs.datadoghq.com/api/latest/rate-limits/). A time that is over by our clock says nothing.
 */
function resetMs(headers: HttpHeaders, clock: Clock): number | undefined {
  if (!isUsedUp(headers)) return undefined;
  const seconds = Number(headers.get('x-ratelimit-reset'));
  const ms = seconds < 1e9 ? seconds * 1000 : seconds * 1000 - clock.nowMs();
  return ms > 0 ? ms : undefined;
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.name === 'TimeoutError' ? 'no answer in time' : messageOf(thrown);
}
