import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { declareAction, implementAction } from '../../../shared/actions/action.ts';
import { startJob, stillRunning, succeed, type Until } from '../../../shared/actions/result.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';
import { planWait, type WaitNow } from '../../../shared/actions/runner/wait-schedule.ts';

const every = (minutes: number): Until => {
  const seconds = minutes * 60;
  return { checks: { firstSeconds: seconds, backoffRate: 1, maxSeconds: seconds } };
};
const now: WaitNow = {
  ...{ until: { event: 'e' }, checkCount: 0, phase: 'waiting', isRenewed: true, ageSeconds: 0 },
  secondsUnreached: undefined,
};

describe('a wait', () => {
  it.each<[string, Partial<WaitNow>, object]>([
    ['for an event', {}, { next: 'event', seconds: 900, everySeconds: 900 }],
    ['for an event, looked at meanwhile', { ageSeconds: 300 }, { next: 'event', seconds: 600, everySeconds: 900 }],
    ['with checks every 15 minutes', { until: every(15) }, { next: 'event', seconds: 900, everySeconds: 900 }],
    ['with rarer checks', { until: every(60) }, { next: 'event', seconds: 900, everySeconds: 900 }],
    ['with checks every 10 minutes', { until: every(10) }, { next: 'event', seconds: 600, everySeconds: 600 }],
    ['with checks every 4 minutes', { until: every(4) }, { next: 'check', seconds: 240 }],
    [
      'with checks that come ever later',
      { until: { checks: { firstSeconds: 400, backoffRate: 2, maxSeconds: 3600 } } },
      { next: 'check', seconds: 400 },
    ],
    ['whose service answers nothing', { secondsUnreached: 40 }, { next: 'check', seconds: 40 }],
    ['for an event, of a custom action type', { isRenewed: false }, { next: 'check', seconds: 900 }],
    [
      'with rare checks, of a custom action type',
      { isRenewed: false, until: every(60) },
      { next: 'check', seconds: 3600 },
    ],
  ])('%s goes on', (_, wait, next) => {
    expect(planWait({ ...now, ...wait })).toMatchObject({ next, isToRenew: false });
  });

  it('of a custom action type is never renewed', () => {
    const wait = { ...now, isRenewed: false, ageSeconds: 20 * 3600 };
    expect(planWait({ ...wait, until: every(1) })).toMatchObject({ isToRenew: false, next: { next: 'check' } });
    expect(planWait(wait)).toMatchObject({ isToRenew: false, next: { next: 'check' } });
  });

  it('renews its job before CodePipeline gives it up, whatever its checks are', () => {
    const seconds = fc.integer({ min: 1, max: 86_400 });
    const checks = fc.record({
      firstSeconds: seconds,
      maxSeconds: seconds,
      backoffRate: fc.double({ min: 1, max: 3, noNaN: true }),
    });
    const until = fc.oneof(fc.record({ checks }), fc.constant({ event: 'e' }));
    const unreached = fc.option(fc.integer({ min: 0, max: 3_599 }), { nil: undefined });
    fc.assert(
      fc.property(until, fc.nat(200), fc.nat(900), unreached, (how, checkCount, ageSeconds, secondsUnreached) => {
        const plan = planWait({ ...now, until: how, checkCount, ageSeconds, secondsUnreached });
        const { next, isToRenew } = plan;
        // A renewal that is made now brings the next job; else the next look, or the workflow's own renewal, is in time.
        if (next.next === 'end') throw new Error('it ended');
        expect(isToRenew || ageSeconds + next.seconds <= 901).toBe(true);
        expect(next.seconds).toBeLessThanOrEqual(900);
        if (next.next === 'event') expect(next.everySeconds).toBeLessThanOrEqual(900);
      }),
    );
  });
});

describe('an action that waits', () => {
  const declaration = declareAction({
    ...{ id: 'bake-bread', description: 'Bakes.', outputs: [], mayWait: true },
    parameters: z.strictObject({}),
    state: z.strictObject({}),
  });

  /** Work of so many minutes, how often it was checked, and how often its job was renewed. */
  async function baking(until: Until, { minutes, isOfWorker = false }: { minutes: number; isOfWorker?: boolean }) {
    const seen = { checkCount: 0, endedMs: 0 };
    let startedMs = 0;
    const run = async ({ clock }: { clock: { nowMs(): number } }) => {
      startedMs = clock.nowMs();
      return startJob({}, { until, summary: 'baking' });
    };
    const action = implementAction(declaration, run, {
      async check({ clock }) {
        seen.checkCount += 1;
        if (clock.nowMs() - startedMs < minutes * 60_000) return stillRunning({ summary: 'baking' });
        seen.endedMs = clock.nowMs();
        return succeed({ summary: 'baked' });
      },
    });
    const started = await actionBench(action).start({ parameters: {}, isOfWorker });
    await started.advance({ minutes: minutes + 30 });
    expect(started.result).toMatchObject({ kind: 'succeeded' });
    return {
      ...seen,
      renewalCount: started.answers.length - 1,
      lateSeconds: (seen.endedMs - startedMs) / 1000 - minutes * 60,
    };
  }

  it('is looked at by its renewals alone, when its checks are 15 minutes apart', async () => {
    const { checkCount, renewalCount } = await baking(every(15), { minutes: 600 });
    expect(checkCount).toBeLessThanOrEqual(4 * 10 + 1);
    expect(renewalCount).toBe(checkCount);
  });

  it('has no check for the mere renewal, when its checks come often', async () => {
    const { checkCount, renewalCount } = await baking(every(2), { minutes: 600 });
    expect(checkCount).toBeGreaterThanOrEqual(299);
    expect(checkCount).toBeLessThanOrEqual(301);
    expect(renewalCount).toBeLessThanOrEqual(5 * 10);
  });

  it.each([{ event: 'e' }, every(2), every(30)])(
    'is not renewed if it is of a custom action type: %o',
    async (until) => {
      const { renewalCount } = await baking(until, { minutes: 600, isOfWorker: true });
      expect(renewalCount).toBe(0);
    },
  );
});
