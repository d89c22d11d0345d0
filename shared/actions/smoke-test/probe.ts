import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { HttpHeaders, HttpResponse, SendHttp } from '../../http-client.ts';
import type { Probe, SmokeTestParameters } from './seen.ts';

/** One thing that the site is asked, and what its answer must be like. */
export interface Check {
  readonly method: 'GET' | 'HEAD';
  readonly url: string;
  readonly expectedStatus: number;
  readonly expectedHeaders?: Readonly<Record<string, string>> | undefined;
  readonly bodyIncludes?: string | undefined;
}

/** How a probe is made. */
export interface ProbeOptions {
  readonly send: SendHttp;
  /** Sent to the check's own origin alone. */
  readonly headers: Readonly<Record<string, string>>;
  readonly limitMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const redirectCount = 5;
const bodyBytes = 2_000_000;

/** The checks of a smoke test, the URL's own first. */
export function checksOf(parameters: SmokeTestParameters): readonly Check[] {
  const { url, expectedStatus, expectedHeaders, bodyIncludes, checks } = parameters;
  return [
    { method: 'GET', url, expectedStatus, expectedHeaders, bodyIncludes },
    ...checks.map(({ path, ...check }): Check => ({ ...check, url: new URL(path, url).href })),
  ];
}

/** How long a request may take: ten times the allowed latency, at most 10 s. */
export function longestProbeMs({ maxLatencyMs }: SmokeTestParameters): number {
  return Math.min(10_000, maxLatencyMs * 10);
}

/** Sends one request and looks at the answer. */
export async function probe(check: Check, options: ProbeOptions): Promise<Probe> {
  const { clock, signal, limitMs } = options;
  const startedMs = clock.nowMs();
  const limit = AbortSignal.timeout(limitMs);
  try {
    const answer = await request(check, options, AbortSignal.any([signal, limit]));
    return { latencyMs: clock.nowMs() - startedMs, problem: problemOf(answer, check) };
  } catch (error) {
    return {
      latencyMs: clock.nowMs() - startedMs,
      problem: limit.aborted ? 'no answer in time' : `no answer (${messageOf(error)})`,
    };
  }
}

/** What came back, after redirects. */
export interface Answer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/** The first thing that is wrong with an answer. Values of headers are not quoted: they may be cookies. */
export function problemOf({ status, headers, body }: Answer, check: Check): string | undefined {
  if (status !== check.expectedStatus) return `status ${status}, expected ${check.expectedStatus}`;
  for (const [name, text] of Object.entries(check.expectedHeaders ?? {})) {
    const value = headers.get(name);
    if (value === undefined) return `header ${name} is absent, expected "${text}"`;
    if (!value.includes(text)) return `header ${name} does not hold "${text}"`;
  }
  if (check.bodyIncludes === undefined || body.includes(check.bodyIncludes)) return undefined;
  return `the page does not hold "${check.bodyIncludes}"`;
}

/** Headers of one's own go to the check's origin, and to no other host that a redirect leads to. */
async function request(check: Check, { send, headers }: ProbeOptions, signal: AbortSignal): Promise<Answer> {
  const { origin } = new URL(check.url);
  let url = new URL(check.url);
  for (let count = 0; count <= redirectCount; count += 1) {
    const response = await send(url, {
      method: check.method,
      headers: { 'cache-control': 'no-cache', ...(url.origin === origin && headers) },
      signal,
    });
    const { status } = response;
    const location = response.headers.get('location');
    const isRedirect = [301, 302, 303, 307, 308].includes(status) && location !== undefined;
    if (!isRedirect || status === check.expectedStatus)
      return { status, headers: response.headers, body: await readStart(response) };
    response.discard();
    url = new URL(location, url);
  }
  throw new Error(`more than ${redirectCount} redirects`);
}

async function readStart({ body }: HttpResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes >= bodyBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
