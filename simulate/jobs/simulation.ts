import { brokenPromises } from './check.ts';
import { planOf } from './plan.ts';
import { runJob } from './run.ts';
import type { TakenOut } from './taken-out.ts';

/** A run in which a promise was broken; its seed brings it back. */
export interface BrokenRun {
  readonly seed: number;
  readonly problems: readonly string[];
}

/** Runs seed after seed from the first. @returns the runs that broke a promise */
export async function simulateJobs(options: {
  readonly runCount: number;
  readonly seed: number;
  readonly without?: TakenOut;
  /** Called after each run with how many there were, and how many of them broke a promise. */
  readonly report?: (runCount: number, brokenCount: number) => void;
}): Promise<readonly BrokenRun[]> {
  const broken: BrokenRun[] = [];
  for (let count = 0; count < options.runCount; count += 1) {
    const seed = options.seed + count;
    const problems = brokenPromises(await runJob(planOf(seed), options.without));
    if (problems.length > 0) broken.push({ seed, problems });
    options.report?.(count + 1, broken.length);
  }
  return broken;
}
