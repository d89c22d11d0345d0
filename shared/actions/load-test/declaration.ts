import * as z from 'zod/mini';
import { declareAction } from '../action.ts';
import { headersSchema, mayReadSecrets, secretHeadersSchema } from '../web/request-headers.ts';
import { isAllowed } from '../web/allowed-hosts.ts';

const milliseconds = z.optional(z.number().check(z.positive()));

/** Puts load on a site for a while, and fails if it is slow, errs or answers too little. */
export const loadTest = declareAction({
  id: 'load-test',
  description: 'Puts load on a site for a bounded time and fails if latency, errors or throughput miss a threshold.',
  parameters: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      /** Names of the hosts that may be put under load, `*.shop.example` for all below one; any other is refused. */
      allowedHosts: z
        .array(z.string().check(z.regex(/^(\*\.)?[a-z0-9:[\]-]+(\.[a-z0-9-]+)*$/, 'must be the name of a host')))
        .check(z.minLength(1), z.maxLength(20)),
      method: z._default(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']), 'GET'),
      body: z.optional(z.string()),
      headers: z.optional(headersSchema),
      /** Headers whose values are secrets, each with the secret's name in Secrets Manager. */
      secretHeaders: z.optional(secretHeadersSchema),
      /** How many connections send one request after the other. */
      connections: z._default(z.int().check(z.minimum(1), z.maximum(200)), 10),
      /** The most that all connections together send; without it they send as fast as they are answered. */
      requestsPerSecond: z.optional(z.int().check(z.minimum(1), z.maximum(20_000))),
      durationSeconds: z._default(z.int().check(z.minimum(1), z.maximum(480)), 30),
      /** Half of the answers must not be slower. */
      maxLatencyP50Ms: milliseconds,
      maxLatencyP95Ms: milliseconds,
      maxLatencyP99Ms: milliseconds,
      /** How many of 100 requests may go without an answer between 200 and 299. */
      maxErrorPercent: z._default(z.number().check(z.minimum(0), z.maximum(100)), 1),
      /** Answers between 200 and 299 that there must be each second, on average. */
      minRequestsPerSecond: z.optional(z.number().check(z.positive())),
    })
    .check(
      z.refine(({ url, allowedHosts }) => !URL.canParse(url) || isAllowed(new URL(url), allowedHosts), {
        path: ['url'],
        error: 'its host is not among allowedHosts; load goes nowhere else',
      }),
    ),
  outputs: ['requestCount', 'errorPercent', 'requestsPerSecond', 'latencyP50Ms', 'latencyP95Ms', 'latencyP99Ms'],
  gateways: ['secrets'],
  permissionsFor: mayReadSecrets,
  // Two at once would measure each other.
  isIdempotent: false,
  timeoutSeconds: 540,
  // From here on a function has a processor for itself.
  memoryMegabytes: 1769,
});
