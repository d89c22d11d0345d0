import { describe, expect, it } from 'vitest';
import { reconcileLongJob } from '../../../shared/actions/runner/end-waits.ts';
import { settleLongJob, settleOverdueJobs, giveUpWork } from '../../../shared/actions/runner/left-work.ts';
import {
  readWorkflowName,
  workflowName,
  type LongJob,
  type NewLongJob,
} from '../../../shared/actions/runner/long-job.ts';
import { createLongJobStore } from '../../../shared/actions/runner/long-job-store.ts';
import { memoryJobs } from '../../../shared/actions/testing/memory-jobs.ts';
import { fail, succeed } from '../../../shared/actions/result.ts';
import { silentLog } from '../../../shared/log.ts';
import { memoryStore } from '../../support/memory-store.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const minuteMs = 60_000;

/** Long jobs that wait, and everything that is done to them from outside. */
function world() {
  const time = { nowMs: startMs };
  const clock = { nowMs: () => time.nowMs };
  const store = createLongJobStore(memoryStore(), clock);
  const sent: object[] = [];
  const resumed: string[] = [];
  const started: { readonly name: string; readonly seconds: number }[] = [];
  const running = new Set<string>();
  const errors: string[] = [];
  const edge = {
    jobs: memoryJobs().store,
    answers: { send: async (jobId: string, answer: object) => (sent.push({ jobId, ...answer }), 'taken' as const) },
    longJobs: { store, resume: async (firstJobId: string) => void resumed.push(firstJobId) },
    workflows: {
      start: async (workflow: { firstJobId: string; attempt: number; first: object }) => {
        const { seconds } = { seconds: 0, ...workflow.first };
        started.push({ name: workflowName(workflow), seconds });
      },
      isRunning: async (workflow: LongJob | { firstJobId: string; attempt: number }) =>
        running.has(workflowName(workflow)),
    },
    clock,
    log: { ...silentLog, error: (message: string) => void errors.push(message) },
  };
  const wait = async (firstJobId: string, more: Partial<NewLongJob> = {}): Promise<void> => {
    await store.open({
      ...{ firstJobId, currentJobId: firstJobId, adoptedAt: new Date(time.nowMs).toISOString(), step: 0 },
      ...{ userParameters: '{"parameters":{}}', context: undefined, state: { oven: 'left' }, until: { event: 'e' } },
      ...{ summary: 'baking', percentComplete: undefined, functionArn: 'arn:function', isRenewed: true },
      ...more,
    });
  };
  return { time, store, sent, resumed, started, running, errors, edge, wait };
}

const whole = { result: succeed({ summary: 'baked' }), isWorkLeft: false };
const failed = { result: fail('JobFailed', 'no door'), isWorkLeft: true };

describe('the work of an action whose function died', () => {
  it('is given up through its workflow, which is started if the function did not come so far', async () => {
    const { store, started, resumed, edge, wait } = world();
    await wait('job-1');
    await giveUpWork('job-1', edge);
    expect(started).toEqual([{ name: 'job-1', seconds: 1 }]);
    expect(resumed).toEqual(['job-1']);
    expect(await store.read('job-1')).toMatchObject({ isCancelled: true });
  });

  it('is left alone when there is no record of it, or it is over', async () => {
    const { store, started, resumed, edge, wait } = world();
    await wait('job-1');
    await store.keepEnding('job-1', whole);
    await giveUpWork('job-1', edge);
    await giveUpWork('job-2', edge);
    expect([...started, ...resumed]).toEqual([]);
  });
});

describe('a long job whose workflow broke', () => {
  const aborted = { firstJobId: 'job-1', attempt: 1, status: 'ABORTED' };

  it('fails, and its work is left to another workflow', async () => {
    const { store, sent, started, edge, wait } = world();
    await wait('job-1');
    await settleLongJob(aborted, edge);
    expect(sent).toMatchObject([{ jobId: 'job-1', kind: 'failed', type: 'SystemUnavailable' }]);
    expect(started).toEqual([{ name: 'job-1_2', seconds: 60 }]);
    expect(await store.read('job-1')).toMatchObject({ state: { oven: 'left' }, isWorkLeft: true, attempt: 2 });
  });

  it('is given the result that its work had, whose end needs no cancellation', async () => {
    const { store, sent, started, edge, wait } = world();
    await wait('job-1');
    await store.keepEnding('job-1', whole);
    await settleLongJob(aborted, edge);
    expect(sent).toMatchObject([{ jobId: 'job-1', kind: 'succeeded' }]);
    expect(started).toEqual([]);
  });

  it('has one workflow more for each that breaks, later and later, and a person for the last', async () => {
    const { store, started, errors, edge, wait } = world();
    await wait('job-1');
    for (let attempt = 1; attempt <= 10; attempt += 1) await settleLongJob({ ...aborted, attempt }, edge);
    expect(started.map(({ name }) => readWorkflowName(name).attempt)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(started.map(({ seconds }) => seconds)).toEqual([60, 240, 960, ...Array<number>(6).fill(3_600)]);
    expect(errors).toEqual(['work could not be cancelled; end it by hand']);
    expect(await store.read('job-1')).toMatchObject({ isWorkLeft: false });
  });

  it('is not woken by the reconciler while its next workflow waits for its time', async () => {
    const { resumed, edge, wait } = world();
    const context = { pipelineExecutionId: 'execution-1', pipeline: 'bread', stage: 'Bake', action: 'Oven' };
    await wait('job-1', { context });
    await settleLongJob(aborted, edge);
    await wait('job-2', { context });
    for (const id of ['job-1', 'job-2']) await reconcileLongJob(id, async () => true, edge.longJobs);
    expect(resumed).toEqual(['job-2']);
  });

  it('starts nothing for an event that comes again, when its successor has broken too', async () => {
    const { started, edge, wait } = world();
    await wait('job-1');
    for (const attempt of [1, 1, 2, 1]) await settleLongJob({ ...aborted, attempt }, edge);
    // The same name again starts nothing.
    expect(started.map(({ name }) => name)).toEqual(['job-1_2', 'job-1_2', 'job-1_3']);
  });

  it('of an earlier version, which names no function, tells a person', async () => {
    const { sent, started, errors, edge, wait } = world();
    await wait('job-1', { functionArn: undefined });
    await settleLongJob(aborted, edge);
    expect(sent).toHaveLength(1);
    expect(started).toEqual([]);
    expect(errors).toEqual(['work names no function; end it by hand']);
  });
});

describe('overdue long jobs', () => {
  it('are settled when their workflow is no more', async () => {
    const { time, sent, started, edge, wait } = world();
    await wait('job-1');
    time.nowMs += 34 * minuteMs;
    expect(await settleOverdueJobs(edge)).toBe(0);
    time.nowMs += minuteMs;
    expect(await settleOverdueJobs(edge)).toBe(1);
    expect(sent).toMatchObject([{ jobId: 'job-1', kind: 'failed' }]);
    expect(started).toMatchObject([{ name: 'job-1_2' }]);
  });

  it('are left to a workflow that runs', async () => {
    const { time, running, started, edge, wait } = world();
    await wait('job-1');
    running.add('job-1');
    time.nowMs += 60 * minuteMs;
    expect(await settleOverdueJobs(edge)).toBe(0);
    expect(started).toEqual([]);
  });

  it('are not those that a renewal has followed, nor those whose work is over', async () => {
    const { time, store, edge, wait } = world();
    for (const id of ['renewed', 'ended', 'cancelled', 'taken']) await wait(id);
    await store.keepEnding('ended', whole);
    await store.keepEnding('cancelled', failed);
    await store.forgetWork('cancelled');
    // The result came while the job was being renewed, and the next job takes it.
    await store.beginToRenew('taken');
    await store.keepEnding('taken', whole);
    time.nowMs += 20 * minuteMs;
    for (const id of ['renewed', 'taken']) await store.adopt(id, `${id}-2`, new Date(time.nowMs).toISOString());
    time.nowMs += 20 * minuteMs;
    expect(await settleOverdueJobs(edge)).toBe(0);
    time.nowMs += 20 * minuteMs;
    expect(await settleOverdueJobs(edge)).toBe(1);
    expect(await store.read('renewed')).toMatchObject({ isWorkLeft: true });
  });

  it('wait for the workflow that was started last, and are taken up when it is no more', async () => {
    const { time, started, edge, wait } = world();
    await wait('job-1');
    await settleLongJob({ firstJobId: 'job-1', attempt: 1, status: 'FAILED' }, edge);
    time.nowMs += 35 * minuteMs;
    expect(await settleOverdueJobs(edge)).toBe(0);
    time.nowMs += minuteMs;
    expect(await settleOverdueJobs(edge)).toBe(1);
    expect(started.map(({ name }) => name)).toEqual(['job-1_2', 'job-1_3']);
  });

  it('are settled although one of them cannot be', async () => {
    const { time, started, edge, wait } = world();
    await wait('job-1');
    await wait('job-2');
    time.nowMs += 40 * minuteMs;
    const isRunning = async ({ firstJobId }: { firstJobId: string }): Promise<boolean> => {
      if (firstJobId === 'job-1') throw new Error('throttled');
      return false;
    };
    expect(await settleOverdueJobs({ ...edge, workflows: { ...edge.workflows, isRunning } })).toBe(1);
    expect(started.map(({ name }) => name)).toEqual(['job-2_2']);
  });
});
