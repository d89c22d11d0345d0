import { expect, it } from 'vitest';
import * as z from 'zod';
import {
  declareAction,
  implementAction,
  runAgain,
  startJob,
  succeed,
  type LongJobStart,
} from '../../../shared/actions/public.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';

// Work that no record tells of: the runner has refused it, or nobody pushes its wait.

const declaration = declareAction({
  ...{ id: 'bake-bread', description: 'Bakes.', outputs: [], mayWait: true },
  parameters: z.strictObject({}),
  state: z.strictObject({ oven: z.string() }),
});

/** An action that answers one start after the other, and says what was cancelled, in order with its answers. */
async function baking(starts: readonly LongJobStart<{ oven: string }>[], wait = 'push') {
  const cancelled: string[] = [];
  const left = [...starts];
  const bench = actionBench(
    implementAction(declaration, async () => left.shift() ?? succeed({ summary: 'baked' }), {
      async check({ state: { oven } }) {
        if (oven === 'broken') throw new Error('no door');
        return runAgain({ oven }, 'the rest');
      },
      async cancel({ state: { oven } }) {
        cancelled.push(oven.slice(0, 10));
        throw new Error('it is hot');
      },
    }),
  );
  const run = await bench.start({ userParameters: JSON.stringify({ parameters: {}, wait }) });
  await run.advance({ minutes: 5 });
  return { run, cancelled };
}

const soon = { until: { checks: { firstSeconds: 1, backoffRate: 1, maxSeconds: 1 } }, summary: '' };
const never = { until: { checks: { firstSeconds: Number.NaN, backoffRate: 1, maxSeconds: 1 } }, summary: '' };

it.each([
  ['a state that is too large', [startJob({ oven: 'x'.repeat(300_001) }, soon)], 'xxxxxxxxxx', /allowed are 300000/],
  ['a wait that has no end', [startJob({ oven: 'left' }, never)], 'left', /at most/],
  ['a second wait', [startJob({ oven: 'left' }, soon), startJob({ oven: 'right' }, soon)], 'right', /a second time/],
] as const)('is cancelled once when the action starts it with %s', async (_what, starts, oven, message) => {
  const { run, cancelled } = await baking(starts);
  expect(run.result).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) });
  expect(cancelled).toEqual([oven]);
});

it('is cancelled once when the check of an action that is polled throws', async () => {
  const { run, cancelled } = await baking([startJob({ oven: 'broken' }, soon)], 'poll');
  expect(run.result).toMatchObject({ kind: 'failed', message: expect.stringContaining('no door') });
  expect(run.answers.map(({ answer }) => answer.kind)).toEqual(['continues', 'failed']);
  expect(cancelled).toEqual(['broken']);
});
