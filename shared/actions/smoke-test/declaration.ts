import * as z from 'zod';
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
    durationSeconds: z.int().min(1).max(3600).default(40),
    /** Requests of one check; a check follows each continuation. */
    requestsPerCheck: z.int().min(1).max(50).default(5),
    expectedStatus: z.int().min(100).max(599).default(200),
    /** Text that the body must hold. */
    bodyIncludes: z.string().min(1).optional(),
    /** The 95th percentile of the latency must not be above this. */
    maxLatencyMs: z.int().min(1).default(2000),
    /** How many failed requests the action lets pass. */
    allowedFailures: z.int().min(0).default(0),
  }),
  state: smokeTestState,
  outputs: ['requestCount', 'failureCount', 'latencyP95Ms'],
  isIdempotent: true,
  timeoutSeconds: 120,
});
