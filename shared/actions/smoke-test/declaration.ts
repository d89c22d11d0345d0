import * as z from 'zod/mini';
import { declareAction } from '../action.ts';
import { headersSchema, mayReadSecrets, secretHeadersSchema } from '../web/request-headers.ts';

/** What the smoke test has seen so far. */
export const smokeTestState = z.strictObject({
  startedAt: z.iso.datetime(),
  requestCount: z.int(),
  failureCount: z.int(),
  /** The first few failures, in words. */
  failures: z.array(z.string()),
  latenciesMs: z.array(z.int()),
  /** What each check has seen, in the order of the checks. */
  checks: z.array(
    z.strictObject({
      requestCount: z.int(),
      failureCount: z.int(),
      totalMs: z.int(),
      firstProblem: z.optional(z.string()),
    }),
  ),
  /** How many whole days the certificate is still valid, if it was asked for and could be read. */
  certificateDaysLeft: z.optional(z.int()),
  /** Why the certificate could not be read. */
  certificateUnread: z.optional(z.string()),
});

/** What an answer must be like. */
const expectations = {
  /** A redirect is followed, unless its own status is expected. */
  expectedStatus: z._default(z.int().check(z.minimum(100), z.maximum(599)), 200),
  /** Text that each of these headers must hold. */
  expectedHeaders: z.optional(z.record(z.string().check(z.minLength(1)), z.string().check(z.minLength(1)))),
  /** Text that the body must hold, in its first 2 MB. */
  bodyIncludes: z.optional(z.string().check(z.minLength(1))),
};

/** From the root of the URL's host, and not to another. */
const path = z.string().check(z.regex(/^\/(?![/\\])[^\s\\]*$/, 'must begin with one "/" and hold no spaces'));

/** Asks a deployed site for a while, and fails if its answers are wrong or slow. */
export const smokeTest = declareAction({
  id: 'smoke-test',
  description: 'Sends requests to a deployed site for a while and fails if answers are wrong or slow.',
  parameters: z
    .strictObject({
      /** The first check; the paths of the others begin at its host. */
      url: z.url({ protocol: /^https?$/ }),
      ...expectations,
      /** Checks of further paths of the same host. */
      checks: z._default(
        z
          .array(z.strictObject({ path, method: z._default(z.enum(['GET', 'HEAD']), 'GET'), ...expectations }))
          .check(z.maxLength(20)),
        [],
      ),
      /** Sent with every request to the URL's origin; a redirect to another goes without them. */
      headers: z.optional(headersSchema),
      /** The same, with the name of a secret in Secrets Manager for each value. */
      secretHeaders: z.optional(secretHeadersSchema),
      /** The certificate must be valid for at least so many more days. */
      certificateDays: z.optional(z.int().check(z.minimum(1), z.maximum(365))),
      /** How often a request, and the look at the certificate, is made again, after 1, 2, 4 … seconds, before it counts as failed. */
      retries: z._default(z.int().check(z.minimum(0), z.maximum(5)), 0),
      durationSeconds: z._default(z.int().check(z.minimum(1), z.maximum(3600)), 40),
      /** How often each check is made in one invocation; the next invocation follows by continuation. */
      requestsPerCheck: z._default(z.int().check(z.minimum(1), z.maximum(50)), 5),
      /** The 95th percentile of the latency of all requests must not be above this. */
      maxLatencyMs: z._default(z.int().check(z.minimum(1)), 2000),
      /** How many failed requests the action lets pass. */
      allowedFailures: z._default(z.int().check(z.minimum(0)), 0),
    })
    .check(
      z.refine(({ url, certificateDays }) => certificateDays === undefined || /^https:/i.test(url), {
        path: ['url'],
        error: 'has no certificate; certificateDays needs a URL with https:',
      }),
    ),
  state: smokeTestState,
  outputs: ['requestCount', 'failureCount', 'latencyP95Ms', 'certificateDaysLeft'],
  outputArtifacts: { min: 0, max: 1 },
  gateways: ['secrets'],
  permissionsFor: mayReadSecrets,
  isIdempotent: true,
  timeoutSeconds: 120,
});
