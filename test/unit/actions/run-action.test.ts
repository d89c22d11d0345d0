import { undeclaredArtifacts } from '../../../shared/actions/artifacts.ts';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { declareAction, implementAction, type Action } from '../../../shared/actions/action.ts';
import { answerDeadJob, answerExpiredJobs, type DeadJobEdge } from '../../../shared/actions/runner/answer-job.ts';
import type { ActionEdge } from '../../../shared/actions/runner/guard.ts';
import type { Answer, JobStore } from '../../../shared/actions/runner/job.ts';
import { createJobStore } from '../../../shared/actions/runner/job-store.ts';
import { continueLater, fail, startJob, succeed } from '../../../shared/actions/result.ts';
import { runAction } from '../../../shared/actions/runner/run-action.ts';
import { memoryJobs, testJobEvent, type TestJobOptions } from '../../../shared/actions/testing/testing.ts';
import { Misconfigured } from '../../../shared/errors.ts';
import { silentLog } from '../../../shared/log.ts';
import { memoryStore } from '../../support/memory-store.ts';

const startMs = Date.UTC(2026, 0, 5, 9);

/** A world whose clock and answers the test sets. */
function world(jobs: (clock: { nowMs(): number }) => JobStore = () => memoryJobs().store) {
  const time = { nowMs: startMs };
  const clock = { nowMs: () => time.nowMs };
  const sent: { jobId: string; answer: Answer }[] = [];
  const givenUp: string[] = [];
  const edge = {
    jobs: jobs(clock),
    answers: {
      async send(jobId: string, answer: Answer) {
        sent.push({ jobId, answer });
        return 'taken' as const;
      },
    },
    artifacts: () => undeclaredArtifacts,
    gateways: {},
    tellProgress: async () => {},
    clock,
    log: silentLog,
    requestId: 'request-2',
    remainingMs: () => 60_000,
    giveUpWork: async (firstJobId: string) => void givenUp.push(firstJobId),
  } satisfies ActionEdge & DeadJobEdge;
  return { time, sent, givenUp, edge };
}

const anEarlierDelivery = {
  ...{ now: at(0), until: at(65_000), requestId: 'request-1', isIdempotent: false },
  ...{ firstJobId: 'job-1', checkAt: at(365_000) },
};

const dead = (jobId: string, firstJobId = jobId) => ({ jobId, firstJobId });

const job = (options: TestJobOptions = {}) => testJobEvent(options)['CodePipeline.job'];

const declaration = declareAction({
  id: 'probe',
  description: 'A probe.',
  parameters: z.strictObject({ limit: z.int().min(1).default(3) }),
  outputs: ['count'],
});

const succeeds: Action = implementAction(declaration, async () =>
  succeed({ outputs: { count: '1' }, summary: 'fine' }),
);

// Both stores keep the same promises: the one of the test kit, and the one in the table.
describe.each([
  ['in memory', () => memoryJobs().store],
  ['in the table', (clock: { nowMs(): number }) => createJobStore(memoryStore(), clock)],
])('a job %s', (_name, jobs) => {
  it('gets one answer, however often it is delivered', async () => {
    const { sent, edge } = world(jobs);
    await runAction(succeeds, job(), edge);
    await runAction(succeeds, job(), edge);
    expect(sent).toEqual([
      { jobId: job().id, answer: { kind: 'succeeded', outputs: { count: '1' }, summary: 'fine' } },
    ]);
  });

  it('is left alone while another delivery runs it', async () => {
    const { sent, edge } = world(jobs);
    await edge.jobs.claim(job().id, anEarlierDelivery);
    await expect(runAction(succeeds, job(), edge)).rejects.toThrow(/another delivery/);
    expect(sent).toEqual([]);
  });

  it('runs again after an interrupted delivery when the action is idempotent', async () => {
    const { sent, edge, time } = world(jobs);
    await edge.jobs.claim(job().id, anEarlierDelivery);
    time.nowMs += 65_000;
    await runAction(implementAction({ ...declaration, isIdempotent: true }, succeeds.run), job(), edge);
    expect(sent.map(({ answer }) => answer.kind)).toEqual(['succeeded']);
  });

  it('runs again at once when the same request is delivered again and the action is idempotent', async () => {
    const { sent, edge } = world(jobs);
    await edge.jobs.claim(job().id, { ...anEarlierDelivery, requestId: edge.requestId });
    await runAction(implementAction({ ...declaration, isIdempotent: true }, succeeds.run), job(), edge);
    expect(sent.map(({ answer }) => answer.kind)).toEqual(['succeeded']);
  });

  it('is left alone when the same request is delivered again and running twice may do harm', async () => {
    const { sent, edge } = world(jobs);
    await edge.jobs.claim(job().id, { ...anEarlierDelivery, requestId: edge.requestId });
    await expect(runAction(succeeds, job(), edge)).rejects.toThrow(/another delivery/);
    expect(sent).toEqual([]);
  });

  it('sends the kept answer at once when the same request is delivered again', async () => {
    const { sent, edge } = world(jobs);
    const down = { ...edge, answers: { send: () => Promise.reject(new Error('throttled')) } };
    await expect(runAction(succeeds, job(), down)).rejects.toThrow('throttled');
    await runAction(
      implementAction(declaration, () => Promise.reject(new Error('must not run'))),
      job(),
      edge,
    );
    expect(sent).toMatchObject([{ answer: { kind: 'succeeded' } }]);
  });

  it('fails as interrupted when running twice may do harm', async () => {
    const { sent, edge, time } = world(jobs);
    await edge.jobs.claim(job().id, anEarlierDelivery);
    time.nowMs += 65_000;
    await runAction(succeeds, job(), edge);
    expect(sent).toMatchObject([{ answer: { kind: 'failed', type: 'SystemUnavailable' } }]);
  });

  it('sends the kept answer after a delivery that died while sending, without running again', async () => {
    const { sent, edge, time } = world(jobs);
    const down = { ...edge, answers: { send: () => Promise.reject(new Error('throttled')) } };
    await expect(runAction(succeeds, job(), down)).rejects.toThrow('throttled');
    time.nowMs += 65_001;
    const throwing = implementAction(declaration, () => Promise.reject(new Error('must not run')));
    await runAction(throwing, job(), edge);
    expect(sent).toMatchObject([{ answer: { kind: 'succeeded' } }]);
  });

  it('is answered for a function that died before it claimed anything', async () => {
    const { sent, edge } = world(jobs);
    expect(await answerDeadJob(dead(job().id), 'out of memory', edge)).toBe('answered');
    expect(sent).toMatchObject([{ answer: { kind: 'failed', type: 'SystemUnavailable' } }]);
    expect(await answerDeadJob(dead(job().id), 'out of memory', edge)).toBe('answered-before');
    expect(sent).toHaveLength(1);
  });

  it('is answered by the reconciler once a live claim has run out', async () => {
    const { sent, edge, time } = world(jobs);
    await edge.jobs.claim(job().id, anEarlierDelivery);
    expect(await answerDeadJob(dead(job().id), 'time-out', edge)).toBe('check-left');
    expect(await answerExpiredJobs(edge)).toBe(0);
    time.nowMs += 65_000;
    expect(await answerExpiredJobs(edge)).toBe(1);
    expect(sent).toMatchObject([{ answer: { kind: 'failed', type: 'SystemUnavailable' } }]);
    expect(await answerExpiredJobs(edge)).toBe(0);
  });

  it('is answered by the reconciler when its function died and nobody was told', async () => {
    const { sent, edge, time } = world(jobs);
    await edge.jobs.claim(job().id, anEarlierDelivery);
    time.nowMs = Date.parse(anEarlierDelivery.checkAt) - 1;
    expect(await answerExpiredJobs(edge), 'Lambda may still deliver it again').toBe(0);
    time.nowMs += 1;
    expect(await answerExpiredJobs(edge)).toBe(1);
    expect(sent).toMatchObject([{ answer: { kind: 'failed', type: 'SystemUnavailable' } }]);
  });

  it('is answered by the reconciler when CodePipeline could not be told of a function that died unclaimed', async () => {
    const { sent, edge } = world(jobs);
    const down = { ...edge, answers: { send: () => Promise.reject(new Error('throttled')) } };
    await expect(answerDeadJob(dead(job().id), 'out of memory', down)).rejects.toThrow('throttled');
    expect(await answerExpiredJobs(edge)).toBe(1);
    expect(sent).toMatchObject([{ answer: { kind: 'failed', type: 'SystemUnavailable' } }]);
  });

  it('has no check left behind its answer', async () => {
    const { edge } = world(jobs);
    await runAction(succeeds, job(), edge);
    expect(await edge.jobs.dueChecks(at(24 * 3600_000))).toEqual([]);
  });

  it('gives up the work of its action when it failed for a function that died, by the first job', async () => {
    const { givenUp, edge, time } = world(jobs);
    await answerDeadJob(dead('job-3', 'job-1'), 'out of memory', edge);
    expect(givenUp).toEqual(['job-1']);
    await edge.jobs.claim('job-5', anEarlierDelivery);
    await answerDeadJob(dead('job-5', 'job-4'), 'time-out', edge);
    expect(givenUp).toEqual(['job-1']);
    time.nowMs += 65_000;
    await answerExpiredJobs(edge);
    expect(givenUp).toEqual(['job-1', 'job-4']);
  });

  it('leaves the work alone when its failure was refused, or the kept answer was sent', async () => {
    const { givenUp, edge, time } = world(jobs);
    const refusing = { ...edge, answers: { send: async () => 'refused' as const } };
    await answerDeadJob(dead('job-1'), 'out of memory', refusing);
    await edge.jobs.claim('job-2', anEarlierDelivery);
    await edge.jobs.keepAnswer('job-2', succeed({ summary: 'kept' }));
    time.nowMs += 65_000;
    await answerDeadJob(dead('job-2'), 'out of memory', edge);
    expect(givenUp).toEqual([]);
  });

  it('hands typed state to its continuation, and not before its time', async () => {
    const { sent, edge, time } = world(jobs);
    const states: unknown[] = [];
    const counting = implementAction(
      declareAction({
        id: 'counting',
        description: 'Counts.',
        parameters: z.strictObject({}),
        state: z.strictObject({ count: z.int() }),
        outputs: ['count'],
      }),
      async ({ state }) => {
        states.push(state);
        const count = (state?.count ?? 0) + 1;
        return count < 3
          ? continueLater({ count }, { seconds: 10, summary: `${count} of 3`, percentComplete: count * 33 })
          : succeed({ outputs: { count: String(count) }, summary: 'counted' });
      },
    );
    await runAction(counting, job({ id: 'job-1' }), edge);
    await runAction(counting, job({ id: 'job-2', continuationToken: tokenOf(sent) }), edge);
    expect(states, 'job 2 came before its time').toEqual([undefined]);
    time.nowMs += 10_000;
    await runAction(counting, job({ id: 'job-3', continuationToken: tokenOf(sent) }), edge);
    time.nowMs += 10_000;
    await runAction(counting, job({ id: 'job-4', continuationToken: tokenOf(sent) }), edge);
    expect(states).toEqual([undefined, { count: 1 }, { count: 2 }]);
    expect(sent.map(({ answer }) => answer.kind)).toEqual(['continues', 'continues', 'continues', 'succeeded']);
  });
});

it('fails for want of a permission as such, wherever the refusal is wrapped', async () => {
  const { sent, edge } = world();
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  const wrapped = new Misconfigured('dynamodb:GetItem was refused', { cause: denied });
  for (const [id, thrown] of Object.entries({ 'job-1': denied, 'job-2': wrapped }))
    await runAction(
      implementAction(declaration, () => Promise.reject(thrown)),
      job({ id }),
      edge,
    );
  const failed = { answer: { kind: 'failed', type: 'PermissionError' } };
  expect(sent).toMatchObject([failed, failed]);
});

describe('expired jobs', () => {
  it('are answered, although one of them cannot be', async () => {
    const { sent, edge, time } = world();
    for (const id of ['job-1', 'job-2']) {
      await edge.jobs.claim(id, anEarlierDelivery);
      await answerDeadJob(dead(id), 'time-out', edge);
    }
    time.nowMs += 65_000;
    const failing = {
      ...edge,
      answers: {
        send: (id: string, answer: Answer) =>
          id === 'job-1' ? Promise.reject(new Error('throttled')) : edge.answers.send(id, answer),
      },
    };
    expect(await answerExpiredJobs(failing)).toBe(2);
    expect(sent.map(({ jobId }) => jobId)).toEqual(['job-2']);
    expect(await answerExpiredJobs(edge)).toBe(1);
  });
});

const checks = { firstSeconds: 1, backoffRate: 1, maxSeconds: 1 };

describe('an action', () => {
  it.each([
    ['a field of the wrong type', { parameters: { limit: 'many' } }, /UserParameters\.parameters\.limit/],
    ['an unknown field', { parameters: { limits: 3 } }, /UserParameters\.parameters.*limits/],
    ['no JSON', { userParameters: 'limit=3' }, /not JSON/],
    ['a name that comes twice', { userParameters: '{"parameters":{"limit":3,"lim\\u0069t":9}}' }, /"limit" twice/],
    ['an unknown member beside the parameters', { userParameters: '{"parameters":{},"extra":1}' }, /extra/],
  ])('fails at once with ConfigurationError for %s', async (_what, options, message) => {
    const { sent, edge } = world();
    await runAction(succeeds, job(options), edge);
    expect(sent).toMatchObject([
      { answer: { kind: 'failed', type: 'ConfigurationError', message: expect.stringMatching(message) } },
    ]);
  });

  it('that throws fails with its message', async () => {
    const { sent, edge } = world();
    await runAction(
      implementAction(declaration, () => Promise.reject(new Error('disk is full'))),
      job(),
      edge,
    );
    expect(sent).toMatchObject([
      { answer: { kind: 'failed', type: 'JobFailed', message: expect.stringContaining('disk is full') } },
    ]);
  });

  it('that does not end is answered for before the deadline, and is told to stop', async () => {
    const { sent, edge } = world();
    let isAborted = false;
    const hanging = implementAction(declaration, ({ signal }) => {
      signal.addEventListener('abort', () => (isAborted = true));
      return new Promise(() => {});
    });
    // 2 s of reserve are kept for the answer: what is left to the action is nothing.
    await runAction(hanging, job(), { ...edge, remainingMs: () => 2_000 });
    expect(isAborted).toBe(true);
    expect(sent).toMatchObject([
      { answer: { kind: 'failed', type: 'JobFailed', message: expect.stringContaining('did not end in time') } },
    ]);
  });

  it('that answers an undeclared output fails instead of hanging', async () => {
    const { sent, edge } = world();
    const undeclared = { declaration, run: async () => succeed({ outputs: { other: 'x' }, summary: '' }) } as Action;
    await runAction(undeclared, job(), edge);
    expect(sent).toMatchObject([
      { answer: { kind: 'failed', message: expect.stringContaining('"other" is not declared') } },
    ]);
  });

  it.each([
    ['no number', continueLater({ count: 1 }, { seconds: Number.NaN, summary: '' })],
    ['no time that ever comes', continueLater({ count: 1 }, { seconds: Infinity, summary: '' })],
    [
      'a rate that is no number',
      startJob({ count: 1 }, { until: { checks: { ...checks, backoffRate: 0 / 0 } }, summary: '' }),
    ],
  ])('that goes on after %s fails at once', async (_what, answer) => {
    const { sent, edge } = world();
    await runAction({ declaration, run: async () => answer } as Action, job(), edge);
    expect(sent).toMatchObject([
      { answer: { kind: 'failed', type: 'ConfigurationError', message: expect.stringContaining('at most') } },
    ]);
  });

  it('fails when CodePipeline never accepts its answer, instead of sending it for ever', async () => {
    const { sent, edge } = world();
    const picky = {
      ...edge,
      answers: {
        send: async (jobId: string, answer: Answer) =>
          answer.kind === 'succeeded' ? { unacceptable: 'ValidationException' } : edge.answers.send(jobId, answer),
      },
    };
    await runAction(succeeds, job(), picky);
    expect(sent).toMatchObject([{ answer: { kind: 'failed', message: expect.stringContaining('does not accept') } }]);
  });

  it('ends as it ends when its progress cannot be told', async () => {
    const { sent, edge } = world();
    const telling = implementAction(declaration, async ({ progress }) => {
      await progress('half way');
      return succeed({ summary: 'fine' });
    });
    const context = { pipelineExecutionId: 'e', pipeline: 'p', stage: 's', action: 'a' };
    await runAction(telling, job({ context }), { ...edge, tellProgress: () => Promise.reject(new Error('throttled')) });
    expect(sent).toMatchObject([{ answer: { kind: 'succeeded' } }]);
  });

  it('may fail with a message of any length: it is cut to what CodePipeline takes', async () => {
    const { sent, edge } = world();
    await runAction(
      implementAction(declaration, async () => fail('JobFailed', 'x'.repeat(6_000))),
      job(),
      edge,
    );
    const [first] = sent;
    expect(first?.answer.kind === 'failed' && first.answer.message.length).toBe(5_000);
  });
});

function at(offsetMs: number): string {
  return new Date(startMs + offsetMs).toISOString();
}

function tokenOf(sent: readonly { answer: Answer }[]): string {
  const last = sent.at(-1)?.answer;
  if (last?.kind !== 'continues') throw new Error('the last answer carries no token');
  return last.token;
}
