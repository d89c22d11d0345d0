import { urlToHttpOptions } from 'node:url';
// The command line around the client, and its tables, colours and progress bars, would be a third of the bundle.
import Client from 'autocannon/lib/httpClient.js';
import type { Measured } from './measured.ts';

/** How a site is put under load. */
export interface LoadOptions {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly connections: number;
  readonly requestsPerSecond?: number | undefined;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** A connection that is refused is tried again at once, so this many failures mean that the site is gone. */
const mostFailures = 1_000;

const answerSeconds = 10;

/** Sends requests until the time is over, the signal aborts, or the site is gone. Redirects are not followed. */
export async function load(options: LoadOptions): Promise<Measured> {
  const seen = { sentCount: 0, failureCount: 0, closedCount: 0, statuses: new Map(), latencies: new Map() };
  const over = Promise.withResolvers<undefined>();
  const end = (): void => over.resolve(undefined);
  const timer = setTimeout(end, options.durationMs);
  options.signal.addEventListener('abort', end, { once: true });
  const startedMs = performance.now();
  const connections = connectionCount(options);
  const clients = Array.from({ length: connections }, (_, index) => openClient(options, seen, { index, end }));
  await over.promise;
  const elapsedMs = performance.now() - startedMs;
  for (const client of clients) client.destroy();
  clearTimeout(timer);
  options.signal.removeEventListener('abort', end);
  options.signal.throwIfAborted();
  return { ...seen, connections, elapsedMs, isGone: seen.failureCount >= mostFailures };
}

/** What the clients count together. */
interface Seen {
  sentCount: number;
  failureCount: number;
  closedCount: number;
  readonly statuses: Map<number, number>;
  readonly latencies: Map<number, number>;
}

/** A connection sends at least one request a second, so a lower rate needs fewer of them. */
function connectionCount({ connections, requestsPerSecond = Infinity }: LoadOptions): number {
  return Math.min(connections, requestsPerSecond);
}

function openClient(
  options: LoadOptions,
  seen: Seen,
  { index, end }: { readonly index: number; readonly end: () => void },
): Client {
  const { url, method, headers, body, requestsPerSecond } = options;
  const { protocol, hostname, path } = urlToHttpOptions(url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const count = connectionCount(options);
  const share = requestsPerSecond === undefined ? undefined : Math.floor((requestsPerSecond + index) / count);
  return new Client({
    ...{ protocol: protocol ?? '', hostname: hostname ?? '', port, host: url.host, path: path ?? '/' },
    ...{ method, headers: named(headers), timeout: answerSeconds },
    ...(body !== undefined && { body }),
    ...(share !== undefined && { rate: share }),
    setupClient: (client) => watch(client, seen, end),
  });
}

/** autocannon's own latency counts from a request that was lost, once a connection was closed; so it is measured here. */
function watch(client: Client, seen: Seen, end: () => void): void {
  let sentMs = 0;
  const fails = (): void => {
    seen.failureCount += 1;
    if (seen.failureCount >= mostFailures) end();
  };
  client.on('request', () => {
    sentMs = performance.now();
    seen.sentCount += 1;
  });
  client.on('headers', ({ shouldKeepAlive }) => {
    // What the client writes next is lost, and is not the site's fault.
    if (!shouldKeepAlive) seen.closedCount += 1;
  });
  client.on('response', (status) => {
    const latencyMs = Math.ceil(performance.now() - sentMs);
    seen.latencies.set(latencyMs, (seen.latencies.get(latencyMs) ?? 0) + 1);
    seen.statuses.set(status, (seen.statuses.get(status) ?? 0) + 1);
  });
  client.on('connError', fails);
  client.on('timeout', fails);
}

/** Firewalls of sites take a request without a user agent for a bot's. */
function named(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const isNamed = Object.keys(headers).some((name) => name.toLowerCase() === 'user-agent');
  return isNamed ? headers : { 'user-agent': 'slipway', ...headers };
}
