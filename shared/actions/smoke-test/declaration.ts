import * as z from 'zod/mini';
import { declareAction } from '../action.ts';

/** What the smoke test has seen so far. */
export const smokeTestState = z.strictObject({
  startedAt: z.iso.datetime(),
  requestCount: z.int(),
  failureCount: z.int(),
  /** The first few failures, in words. */
  failures: z.array(z.string()),
  latenciesMs: z.array(z.int()),
});

/** Asks a deployed site for a while, and fails if its answers are wrong or slow. */
export const smokeTest = declareAction({
  id: 'smoke-test',
  description: 'Sends requests to a deployed site for a while and fails if answers are wrong or slow.',
  parameters: z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    durationSeconds: z._default(z.int().check(z.minimum(1), z.maximum(3600)), 40),
    /** Requests of one check; a check follows each continuation. */
    requestsPerCheck: z._default(z.int().check(z.minimum(1), z.maximum(50)), 5),
    expectedStatus: z._default(z.int().check(z.minimum(100), z.maximum(599)), 200),
    /** Text that the body must hold. */
    bodyIncludes: z.optional(z.string().check(z.minLength(1))),
    /** The 95th percentile of the latency must not be above this. */
    maxLatencyMs: z._default(z.int().check(z.minimum(1)), 2000),
    /** How many failed requests the action lets pass. */
    allowedFailures: z._default(z.int().check(z.minimum(0)), 0),
  }),
  state: smokeTestState,
  outputs: ['requestCount', 'failureCount', 'latencyP95Ms'],
  isIdempotent: true,
  timeoutSeconds: 120,
});
