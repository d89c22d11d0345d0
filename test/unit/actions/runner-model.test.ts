import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { declareAction, implementAction, type Action } from '../../../shared/actions/action.ts';
import { continueLater, succeed } from '../../../shared/actions/result.ts';
import { lambdaWorld, type Fault } from '../../support/lambda-world.ts';

const declared = {
  description: 'A probe.',
  parameters: z.strictObject({}),
  state: z.strictObject({ count: z.int() }),
  outputs: ['count'],
} as const;

/** What an action may do, whether it is idempotent or not. */
const behaviours: Readonly<Record<string, Action['run']>> = {
  succeeds: async () => succeed({ outputs: { count: '1' }, summary: 'fine' }),
  throws: () => Promise.reject(new Error('disk is full')),
  'throws at once': () => {
    throw new Error('disk is full');
  },
  'runs out of time': () => new Promise(() => {}),
  'tells progress': async ({ progress }) => {
    await progress('half way', 49.7);
    return succeed({ summary: '' });
  },
  'goes on twice': async ({ state }) => {
    const { count } = z.object({ count: z.int() }).parse(state ?? { count: 0 });
    const after = { seconds: 5, summary: `${count} of 2`, percentComplete: 33.3 * count };
    return count < 2 ? continueLater({ count: count + 1 }, after) : succeed({ summary: 'done' });
  },
  // What JavaScript lets through and the types do not.
  'answers nothing': async () => undefined as never,
  'answers an output that is no text': async () => succeed({ outputs: { count: 1 as never }, summary: 'x' }),
  'answers state that is no JSON': async () => continueLater({ count: 1n }, { seconds: 1, summary: 'x' }) as never,
};

const context = { pipelineExecutionId: 'execution-1', pipeline: 'checkout', stage: 'Verify', action: 'Smoke' };
const faults = fc.array(
  fc.record({ call: fc.nat(30), kind: fc.constantFrom<Fault['kind'][]>('fails', 'fails after its effect', 'dies') }),
  { maxLength: 3 },
);
const cases = fc.record({
  behaviour: fc.constantFrom(...Object.keys(behaviours)),
  isIdempotent: fc.boolean(),
  parameters: fc.constantFrom({}, { unknown: 1 }),
  isDeliveredTwice: fc.boolean(),
  faults,
});

describe('a job', () => {
  it('gets exactly one result in time, wherever calls fail and functions die', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ behaviour, isIdempotent, parameters, isDeliveredTwice, faults: planned }) => {
        const action = implementAction(
          declareAction({ id: 'probe', ...declared, isIdempotent }),
          behaviours[behaviour]!,
        );
        // 2 s are kept for the answer: what is left to the action that hangs is nothing.
        const remainingMs = behaviour === 'runs out of time' ? 2_000 : 90_000;
        const world = lambdaWorld(action, { faults: planned, isDeliveredTwice, remainingMs });
        const results = await world.runPipelineAction({ parameters, context });
        for (const { takenCount, tookSeconds } of results) {
          expect(takenCount).toBe(1);
          expect(tookSeconds).toBeLessThan(20 * 60);
        }
        expect(results.at(-1)?.kind).not.toBe('continues');
        if (!isIdempotent) expect(world.mostRunsOfOneJob()).toBeLessThanOrEqual(1);
        expect(world.logged()).not.toContain(world.canary);
      }),
      { numRuns: 1000 },
    );
  });
});
