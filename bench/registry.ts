import type { Bench } from './bench.ts';
import { bundles } from './bundles.ts';
import { calls } from './calls.ts';
import { cold } from './cold.ts';
import { longJobs } from './long-jobs.ts';
import { patterns } from './patterns.ts';
import { peers } from './peers.ts';
import { pipelines } from './pipelines.ts';
import { scan } from './scan.ts';
import { start } from './start.ts';
import { states } from './states.ts';

/** Every bench there is, in the order in which they run. */
export const benches: readonly Bench[] = [
  bundles,
  calls,
  cold,
  longJobs,
  patterns,
  peers,
  pipelines,
  scan,
  states,
  start,
];
