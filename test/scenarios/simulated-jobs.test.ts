import { describe, expect, it } from 'vitest';
import { planOf } from '../../simulate/jobs/plan.ts';
import { runJob } from '../../simulate/jobs/run.ts';
import { simulateJobs } from '../../simulate/jobs/simulation.ts';

/** Each of them once: `npm run simulate -- jobs --seed <seed>` brings a broken one back. */
const firstSeed = 1;

describe('the jobs of an action, through the shipped functions and job.asl.json', () => {
  it('keep every promise of a job, wherever calls fail and functions die', { timeout: 300_000 }, async () => {
    expect(await simulateJobs({ runCount: 500, seed: firstSeed })).toEqual([]);
  });

  it('break a promise as soon as a delivery does not look whether it is the first', async () => {
    const broken = await simulateJobs({ runCount: 100, seed: firstSeed, without: 'redelivery guard' });
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.flatMap(({ problems }) => problems)).toContainEqual(
      expect.stringMatching(/which may run once, ran 2 times for one job/),
    );
  });

  it('break a promise as soon as no workflow takes over from one that broke', async () => {
    const broken = await simulateJobs({ runCount: 100, seed: firstSeed, without: 'workflow that takes over' });
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.flatMap(({ problems }) => problems)).toContain(
      'the action ended as Failed and its work was never cancelled',
    );
  });

  it.each([
    ['waits for an event', false],
    ['waits for an event', true],
    ['waits with rare checks', false],
    ['waits with rare checks', true],
  ] as const)(
    'cost no more than 12 transitions and 4 invocations an hour: %s, custom: %s',
    async (behaviour, isOfWorker) => {
      // No more than one page of the history.
      const hours = 8;
      const calm = {
        outage: undefined,
        faults: [],
        abandonAtSeconds: undefined,
        abortAtSeconds: undefined,
        isDeliveredTwice: false,
      };
      const plan = {
        ...planOf(1),
        ...calm,
        behaviour,
        wait: 'push' as const,
        isOfWorker,
        workSeconds: hours * 3600,
        workEventCount: 1,
      };
      const { attempts } = await runJob({ ...plan, callMs: 1 });
      const [{ jobs, end, workflows } = { jobs: [], end: undefined, workflows: [] }] = attempts;
      expect(end?.status).toBe('Succeeded');
      // Beside what begins and ends the wait.
      expect(workflows[0]?.enteredCount).toBeLessThanOrEqual(12 * hours + 12);
      expect(jobs.length + (workflows[0]?.lookCount ?? 0)).toBeLessThanOrEqual(4 * hours + 4);
    },
  );

  it('go the same way for the same seed', async () => {
    const way = async (seed: number): Promise<unknown> => {
      const { attempts, runs } = await runJob(planOf(seed));
      return { attempts, runs };
    };
    expect(await way(12)).toEqual(await way(12));
    expect(await way(12)).not.toEqual(await way(13));
  });
});
