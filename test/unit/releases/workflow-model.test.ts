import fc, { type Scheduler } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceUnavailable } from '../../../shared/errors.ts';
import { silentLog } from '../../../shared/log.ts';
import { finishRelease } from '../../../shared/releases/finish.ts';
import { followPipeline } from '../../../shared/releases/follow.ts';
import { takeSlot } from '../../../shared/releases/hand-over.ts';
import { launchRelease } from '../../../shared/releases/launch.ts';
import { pipelineEventSchema } from '../../../shared/releases/pipeline-event.ts';
import { planRelease } from '../../../shared/releases/plan.ts';
import { reconcile } from '../../../shared/releases/reconcile.ts';
import { requestRelease } from '../../../shared/releases/request.ts';
import { readSlot } from '../../../shared/releases/slot.ts';
import { findBrokenLink, readEntries } from '../../../shared/state/event-log.ts';
import { readOutcome, registration } from '../../../shared/state/waits.ts';
import { aDomain, aRequest, otherReleaseId, pipelineEvent, releaseId, type Domain } from '../../support/domain.ts';

interface Plan {
  /** What happens at the n-th call that any function makes; one that dies makes no further call. */
  readonly faults: readonly { readonly call: number; readonly kind: 'fails' | 'fails after its effect' | 'dies' }[];
  /** For the pipeline's events, in turn: lost, told once or told twice. */
  readonly tellings: readonly number[];
}

/** The workflow of state-machines/release.asl.json, in the order of its states, around the real functions. */
function world(scheduler: Scheduler, { faults, tellings }: Plan) {
  const outside = aDomain();
  const waiting = new Map<string, (outcome: unknown) => void>();
  const running: Promise<unknown>[] = [];
  const heldAtStart: boolean[] = [];
  let [callCount, tokenCount, eventCount] = [0, 0, 0];

  const invocation = () => {
    let isDead = false;
    return async <T>(effect: () => Promise<T>): Promise<T> => {
      await scheduler.schedule(Promise.resolve(), 'call');
      const fault = isDead ? undefined : faults.find(({ call }) => call === callCount);
      callCount += 1;
      if (!fault && !isDead) return effect();
      if (fault?.kind === 'fails after its effect') await effect();
      isDead ||= fault?.kind === 'dies';
      throw new ServiceUnavailable('a call failed');
    };
  };

  const start: Domain['pipelines']['start'] = async (arn, request) => {
    const before = outside.started.length;
    const execution = await outside.pipelines.start(arn, request);
    if (outside.started.length === before) return execution;
    heldAtStart.push((await readSlot(outside.store, 'checkout')).holder?.releaseId === request.token);
    outside.executions.set(execution, { status: 'Succeeded', revisions: [] });
    for (const [state, time] of [
      ['STARTED', '2026-01-05T09:00:01Z'],
      ['SUCCEEDED', '2026-01-05T09:00:09Z'],
    ] as const) {
      const event = pipelineEventSchema.parse(pipelineEvent(state, { execution, time }));
      const told = tellings[eventCount++ % tellings.length] ?? 1;
      for (let time = 0; time < told; time += 1) running.push(invoke((context) => followPipeline(context, event)));
    }
    return execution;
  };

  const contextOf = (call: ReturnType<typeof invocation>) => ({
    ...outside,
    log: silentLog,
    store: {
      read: (key: Parameters<Domain['store']['read']>[0]) => call(() => outside.store.read(key)),
      write: (write: Parameters<Domain['store']['write']>[0]) => call(() => outside.store.write(write)),
      writeAll: (writes: Parameters<Domain['store']['writeAll']>[0]) => call(() => outside.store.writeAll(writes)),
      query: (query: Parameters<Domain['store']['query']>[0]) => call(() => outside.store.query(query)),
    },
    bus: { publish: (event: Parameters<Domain['bus']['publish']>[0]) => call(() => outside.bus.publish(event)) },
    pipelines: {
      start: (...parts: Parameters<typeof start>) => call(() => start(...parts)),
      findExecution: (...parts: Parameters<Domain['pipelines']['findExecution']>) =>
        call(() => outside.pipelines.findExecution(...parts)),
    },
    tasks: {
      succeed: (token: string, outcome: string) =>
        call(async () => {
          const resume = waiting.get(token);
          waiting.delete(token);
          resume?.(JSON.parse(outcome));
          return resume ? ('resumed' as const) : ('gone' as const);
        }),
    },
  });
  type Context = ReturnType<typeof contextOf>;

  /** Lambda and the states' Retry: the same input again, as long as the error says that it may pass. */
  const invoke = async <T>(work: (context: Context) => Promise<T>, tries = 6): Promise<T> => {
    try {
      return await work(contextOf(invocation()));
    } catch (error) {
      if (tries > 0 && error instanceof ServiceUnavailable) return invoke(work, tries - 1);
      throw error;
    }
  };

  /** A wait state: registers its token unless the outcome is there, and then reads it. */
  const wait = async (key: string, execution: string): Promise<unknown> => {
    await scheduler.schedule(Promise.resolve(), 'wait state');
    const token = `token-${++tokenCount}`;
    const resumed = new Promise((resolve) => waiting.set(token, resolve));
    const registeredAt = new Date(outside.clock.nowMs()).toISOString();
    const { written } = await outside.store.write(registration({ key, token, execution, registeredAt }));
    return written ? resumed : readOutcome(outside.store, key);
  };

  const workflow = async (id: string, arn: string): Promise<void> => {
    const { isDuplicate } = await invoke((context) => requestRelease(context, aRequest({ releaseId: id }), arn));
    if (!isDuplicate) {
      await invoke((context) => planRelease(context, id));
      const slot = await invoke((context) => takeSlot(context, id, arn));
      if (!slot.isHeld) await wait(slot.wait, arn);
      const launched = await invoke((context) => launchRelease(context, id));
      expect(await wait(launched.wait, arn)).toEqual({ contract: 1, state: 'SUCCEEDED' });
      await invoke((context) => finishRelease(context, id, { kind: 'pipeline', state: 'SUCCEEDED' }));
    }
    outside.ended.set(arn, 'ended');
  };

  return {
    outside,
    heldAtStart,
    /** Runs workflows to their end; whenever nothing moves, five minutes pass and the reconciler comes. */
    async run(workflows: readonly (readonly [id: string, arn: string])[]): Promise<void> {
      let [isOver, idleCount] = [false, 0];
      const all = Promise.all(workflows.map(([id, arn]) => workflow(id, arn))).then(() => (isOver = true));
      for (; !isOver; await new Promise(setImmediate)) {
        if (scheduler.count() > 0) await scheduler.waitOne();
        else {
          expect((idleCount += 1), 'nothing moves any more').toBeLessThan(20);
          outside.clock.advance(300_000);
          running.push(invoke((context) => reconcile(context)));
        }
      }
      await all;
      for (; scheduler.count() > 0; await new Promise(setImmediate)) await scheduler.waitOne();
      await Promise.all(running);
    },
  };
}

const plans = fc.record<Plan>({
  faults: fc.array(fc.record({ call: fc.nat(150), kind: fc.constantFrom('fails', 'fails after its effect', 'dies') }), {
    maxLength: 5,
  }),
  tellings: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
});

describe('releases of one service', () => {
  it('end once each, one after the other, whatever fails, doubles or is lost between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, async (scheduler, plan) => {
        const { outside, heldAtStart, run } = world(scheduler, plan);
        await run([
          [releaseId, 'arn:1'],
          [releaseId, 'arn:2'],
          [otherReleaseId, 'arn:3'],
        ]);
        expect(outside.started.map(({ request }) => request.token).toSorted()).toEqual([releaseId, otherReleaseId]);
        expect(heldAtStart).toEqual([true, true]);
        expect(await readSlot(outside.store, 'checkout')).toMatchObject({ queue: [] });
        expect((await readSlot(outside.store, 'checkout')).holder).toBeUndefined();
        expect(outside.published.map(({ type }) => type)).not.toContain('release.failed');
        for (const id of [releaseId, otherReleaseId]) {
          const entries = await readEntries(outside.store, id, { after: 0, limit: 100 });
          expect(findBrokenLink(entries)).toBeUndefined();
          expect(entries.filter(({ event }) => event.type === 'release.succeeded')).toHaveLength(1);
          expect(entries.filter(({ event }) => event.type === 'release.started')).toHaveLength(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
