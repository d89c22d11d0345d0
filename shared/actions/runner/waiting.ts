import { cancelOnce } from './cancel-work.ts';
import { checkWork } from './check-work.ts';
import type { Waiting } from './guard.ts';
import { beginLongJob, stepLongJob, takeRenewedJob } from './run-long-job.ts';

/** Waiting for work that goes on elsewhere. The bundles of actions that never wait are without it. */
export const waiting: Waiting = { checkWork, cancelOnce, beginLongJob, takeRenewedJob, stepLongJob };
