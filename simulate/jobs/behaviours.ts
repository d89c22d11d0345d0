import * as z from 'zod/mini';
import { declareAction, implementAction, type Action } from '../../shared/actions/action.ts';
import {
  continueLater,
  fail,
  runAgain,
  startJob,
  stillRunning,
  succeed,
  type Until,
} from '../../shared/actions/result.ts';
import type { Work } from './work.ts';

/** What the action of a run does. */
export type Behaviour = (typeof behaviours)[number];

/** Everything that an action may do, as far as its runner can tell. */
export const behaviours = [
  'succeeds',
  'fails',
  'throws',
  'goes on twice',
  'waits for an event',
  'waits with checks',
  'waits with steady checks',
  'waits with rare checks',
  'waits and runs again',
  'waits without a cancel',
] as const;

const untils: Partial<Record<Behaviour, Until>> = {
  'waits with checks': { checks: { firstSeconds: 30, backoffRate: 2, maxSeconds: 600 } },
  'waits with steady checks': { checks: { firstSeconds: 400, backoffRate: 1, maxSeconds: 400 } },
  'waits with rare checks': { checks: { firstSeconds: 700, backoffRate: 2, maxSeconds: 3_600 } },
};

/** Whether the action begins work elsewhere. */
export function isLong(behaviour: Behaviour): boolean {
  return behaviour.startsWith('waits');
}

/** The event that ends the work's wait. */
export const workKey = (jobId: string): string => `work/${jobId}`;

const state = z.union([z.strictObject({ step: z.int() }), z.strictObject({ jobId: z.string() })]);

/** The action of a run. Everything that it does to the world it does through `work`. */
export function actionOf(behaviour: Behaviour, isIdempotent: boolean, work: Work): Action {
  const declaration = declareAction({
    id: 'probe',
    description: 'A probe.',
    parameters: z.strictObject({}),
    state,
    outputs: ['outcome'],
    isIdempotent,
    mayWait: true,
  });
  const looked = async (jobId: string) => {
    const outcome = await work.check(jobId);
    if (outcome === 'runs') return stillRunning({ summary: 'at work', percentComplete: 66.6 });
    if (behaviour === 'waits and runs again') return runAgain({ step: 9 }, 'the rest');
    return outcome === 'good'
      ? succeed({ outputs: { outcome }, summary: 'done' })
      : fail('JobFailed', 'the work failed');
  };
  return implementAction(
    declaration,
    async ({ jobId, state: kept, progress }) => {
      await work.ran(jobId);
      const step = kept && 'step' in kept ? kept.step : 0;
      if (behaviour === 'throws') throw new Error('disk is full');
      if (behaviour === 'fails') return fail('JobFailed', 'it is wrong');
      if (behaviour === 'goes on twice' && step < 2)
        return continueLater({ step: step + 1 }, { seconds: 5, summary: `${step} of 2`, percentComplete: 33.3 * step });
      if (!isLong(behaviour) || step === 9) {
        await progress('half way', 49.7);
        return succeed({ outputs: { outcome: 'good' }, summary: 'fine' });
      }
      await work.begin(jobId);
      const until = untils[behaviour] ?? { event: workKey(jobId) };
      return startJob({ jobId }, { until, summary: 'begun' });
    },
    {
      check: ({ state: kept }) => looked('jobId' in kept ? kept.jobId : ''),
      ...(behaviour !== 'waits without a cancel' && {
        cancel: ({ state: kept }) => work.cancel('jobId' in kept ? kept.jobId : ''),
      }),
    },
  );
}
