import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createHandOuts } from '../../../shared/actions/worker/hand-outs.ts';
import { jobEventSchema, parseUserParameters, userParametersOf } from '../../../shared/actions/runner/job-event.ts';
import { createJobStore } from '../../../shared/actions/runner/job-store.ts';
import { hashOfNames } from '../../../shared/actions/runner/parameter-names.ts';
import { workOff, type WorkEdge } from '../../../shared/actions/worker/work-off.ts';
import type { WorkOrder } from '../../../shared/actions/worker/work-order.ts';
import { eventOf, type WorkerJob } from '../../../shared/actions/worker/worker-job.ts';
import { silentLog } from '../../../shared/log.ts';
import { memoryStore } from '../../support/memory-store.ts';

const order: WorkOrder = {
  contract: 1,
  type: { category: 'Test', provider: 'Slipway-probe', version: '1' },
  installation: 'Slipway-Engine',
  functionArn: 'arn:function',
  parameters: { url: 'text', retries: 'json', headers: 'json' },
};
const place = { pipeline: 'checkout', pipelineExecutionId: 'execution-1', stage: 'Verify', action: 'Probe' };
const secret = 'canary-credential';

function jobOf(id: string): WorkerJob {
  const data = { inputArtifacts: [], artifactCredentials: { secretAccessKey: secret } };
  return { id, accountId: '123456789012', configuration: { url: 'https://example.com', retries: '3' }, place, data };
}

/** CodePipeline with these jobs: each is given out once, and again with another nonce if `giveOut` is called. */
function pipelineOf(...ids: string[]) {
  const jobs = new Map(ids.map((id) => [id, { nonce: '', isAcknowledged: false }]));
  const newJob = (id: string) => {
    const job = { nonce: '', isAcknowledged: false };
    jobs.set(id, job);
    return job;
  };
  const started: string[] = [];
  const acknowledged: string[] = [];
  const clock = { time: Date.UTC(2026, 0, 5, 9), nowMs: () => clock.time };
  const store = memoryStore();
  let waiting = [...ids];
  let nonceCount = 0;
  let died: 'before' | 'after' | undefined;
  const edge: WorkEdge = {
    worker: {
      async poll() {
        const given = waiting.map((id) => {
          const nonce = `nonce-${(nonceCount += 1)}`;
          jobs.get(id)!.nonce = nonce;
          return { nonce, job: jobOf(id) };
        });
        waiting = [];
        return given;
      },
      async acknowledge(id, nonce) {
        const job = jobs.get(id) ?? newJob(id);
        acknowledged.push(id);
        if (died === 'before') throw new Error('dead before the acknowledgement');
        // Of a job that was acknowledged CodePipeline does not say what it answers; this is the worse.
        if (job.nonce !== nonce || job.isAcknowledged) return 'void';
        job.isAcknowledged = true;
        if (died === 'after') throw new Error('dead behind the acknowledgement');
        return 'ours';
      },
      details: async (id) => jobOf(id),
      start: async (_functionArn, event) => void started.push(JSON.stringify(event)),
    },
    jobs: createJobStore(store, clock),
    handOuts: createHandOuts(store, clock),
    clock,
    log: silentLog,
  };
  return {
    ...{ edge, started, acknowledged, clock, table: () => JSON.stringify(store.all()) },
    /** A worker comes each minute. */
    async pass(minutes: number) {
      for (let n = 0; n < minutes; n += 1) {
        clock.time += 60_000;
        await workOff(order, edge);
      }
    },
    giveOut: (id: string) => void waiting.push(id),
    die: (when: typeof died) => void (died = when),
  };
}

describe('working off a custom action type', () => {
  it('starts the function of every job, with the event that CodePipeline would invoke it with', async () => {
    const { edge, started } = pipelineOf('job-1', 'job-2');
    expect(await workOff(order, edge)).toBe(2);
    expect(JSON.parse(started[0] ?? '')).toEqual({
      'CodePipeline.job': {
        id: 'job-1',
        isOfWorker: true,
        accountId: '123456789012',
        data: {
          inputArtifacts: [],
          artifactCredentials: { secretAccessKey: secret },
          actionConfiguration: {
            configuration: {
              UserParameters: JSON.stringify({
                parameters: { url: 'https://example.com', retries: 3 },
                context: place,
              }),
            },
          },
        },
      },
    });
  });

  it('keeps no credentials, and nothing due once all are started', async () => {
    const { edge, table, clock } = pipelineOf('job-1');
    await workOff(order, edge);
    clock.time += 3_600_000;
    expect(table()).not.toContain(secret);
    expect(await edge.handOuts.due(() => undefined)).toEqual([]);
  });

  it('starts the jobs of others when a hand-out cannot be read', async () => {
    const { edge, started, clock } = pipelineOf('job-1', 'job-2');
    // As an installation of another version may have left it.
    await edge.handOuts.keep({ jobId: 'job-0', nonce: 'old', order: {} as typeof order });
    clock.time += 150_000;
    expect(await workOff(order, edge)).toBe(2);
    expect(started).toHaveLength(2);
  });

  it('leaves a job to the worker that has its newest nonce', async () => {
    const { edge, started, giveOut } = pipelineOf('job-1');
    const slow = { ...edge, worker: { ...edge.worker } };
    // Between its poll and its acknowledgement the job is given to another worker.
    slow.worker.acknowledge = async (id, nonce) => {
      giveOut('job-1');
      await workOff(order, edge);
      return edge.worker.acknowledge(id, nonce);
    };
    expect(await workOff(order, slow)).toBe(0);
    expect(started).toHaveLength(1);
  });

  it('starts a job whose worker died before its acknowledgement, at the next look', async () => {
    const { edge, started, die, clock } = pipelineOf('job-1');
    die('before');
    expect(await workOff(order, edge)).toBe(0);
    die(undefined);
    expect(await workOff(order, edge)).toBe(0);
    clock.time += 150_000;
    expect(await workOff(order, edge)).toBe(1);
    expect(started).toHaveLength(1);
  });

  it('starts a job whose acknowledgement got no answer, once it is clear that nobody else is given it', async () => {
    const { edge, started, die, pass } = pipelineOf('job-1');
    die('after');
    expect(await workOff(order, edge)).toBe(0);
    die(undefined);
    await pass(10);
    expect(started).toEqual([]);
    await pass(10);
    expect(started).toHaveLength(1);
    await pass(120);
    expect(started).toHaveLength(1);
  });

  it('leaves a job whose acknowledgement failed to the worker that is given it again', async () => {
    const { edge, started, die, pass, giveOut } = pipelineOf('job-1');
    die('before');
    await workOff(order, edge);
    die(undefined);
    giveOut('job-1');
    await pass(1);
    expect(started).toHaveLength(1);
    await pass(120);
    expect(started).toHaveLength(1);
  });

  it('does not acknowledge again what it knows to be its own', async () => {
    const { edge, started, pass, acknowledged } = pipelineOf('job-1');
    const failing = { ...edge, worker: { ...edge.worker, start: () => Promise.reject(new Error('no function')) } };
    expect(await workOff(order, failing)).toBe(0);
    await pass(3);
    expect(started).toHaveLength(1);
    expect(acknowledged).toEqual(['job-1']);
  });

  it('looks at a hand-out once when two workers come at once', async () => {
    const { edge, started, clock } = pipelineOf('job-1');
    const failing = { ...edge, worker: { ...edge.worker, start: () => Promise.reject(new Error('no function')) } };
    await workOff(order, failing);
    clock.time += 150_000;
    const counts = await Promise.all([workOff(order, edge), workOff(order, edge)]);
    expect(counts.toSorted()).toEqual([0, 1]);
    expect(started).toHaveLength(1);
  });

  it.each(['always fail', 'cannot be read'])('comes to everybody behind fifty hand-outs that %s', async (how) => {
    const { edge, started, pass } = pipelineOf();
    const isBad = (id: string): boolean => id.startsWith('bad');
    const { acknowledge } = edge.worker;
    edge.worker.acknowledge = async (id, nonce) =>
      isBad(id) ? Promise.reject(new Error('no')) : acknowledge(id, nonce);
    const broken = how === 'cannot be read' ? ({} as typeof order) : order;
    for (let n = 0; n < 50; n += 1) await edge.handOuts.keep({ jobId: `bad-${n}`, nonce: 'n', order: broken });
    await pass(1);
    for (let n = 0; n < 5; n += 1) await edge.handOuts.keep({ jobId: `good-${n}`, nonce: '', order });
    await pass(6);
    expect(started).toHaveLength(5);
  });

  it('starts no job again that its function has claimed', async () => {
    const { edge, started, die, clock } = pipelineOf('job-1');
    die('after');
    await workOff(order, edge);
    die(undefined);
    const now = new Date(clock.time).toISOString();
    const until = { until: now, checkAt: now };
    const lease = { now, ...until, requestId: 'request-1', isIdempotent: false, firstJobId: 'job-1' };
    // The store of the edge is the one that the function's runner writes to.
    await (edge.jobs as ReturnType<typeof createJobStore>).claim('job-1', lease);
    clock.time += 150_000;
    expect(await workOff(order, edge)).toBe(0);
    expect(started).toEqual([]);
  });
});

it('leaves a value that is no JSON as it is, for the schema to refuse by its name', () => {
  const job = { ...jobOf('job-1'), configuration: { headers: 'none' }, place: undefined };
  expect(JSON.stringify(eventOf(job, order))).toContain('{\\"parameters\\":{\\"headers\\":\\"none\\"}}');
});

it.each([
  ['a repeated name', '{"x-token":"#","x-token":"theirs"}', /has "x-token" twice/],
  ['a name repeated deeper', '{"x-token":{"a":1,"\\u0061":2}}', /has "a" twice/],
  ['what closes its parameter', '{}},"parameters":{"url":"https://theirs.example"}', /has other names/],
  ['a new name', '{"x-token":"#","x-theirs":"theirs"}', /has other names than the pipeline gave/],
])('refuses %s in a JSON property, whose text others may have written', (_what, headers, message) => {
  const names = hashOfNames({ url: '', headers: { 'x-token': '' } });
  const configuration = { url: 'https://example.com', headers, Parameters: JSON.stringify({ names }) };
  const job = { ...jobOf('job-1'), configuration, data: {} };
  const event = jobEventSchema.parse(eventOf(job, order))['CodePipeline.job'];
  const schema = z.strictObject({ url: z.string(), headers: z.record(z.string(), z.unknown()) });
  expect(parseUserParameters(userParametersOf(event), schema)).toMatchObject({
    kind: 'failed',
    type: 'ConfigurationError',
    message: expect.stringMatching(message),
  });
});

const schema = z.strictObject({ url: z.string(), note: z.string() });
const whole: WorkOrder = { ...order, parameters: {} };
const wholeJob = (text: string): WorkerJob => ({ ...jobOf('job-1'), configuration: { Parameters: text }, data: {} });

/** What the runner makes of a job. */
function readBy(job: WorkerJob) {
  const event = jobEventSchema.parse(eventOf(job, whole))['CodePipeline.job'];
  return parseUserParameters(userParametersOf(event), schema);
}

it('passes parameters that have one property together as they came, with their place', () => {
  const parameters = { url: 'https://example.com', note: 'live' };
  expect(readBy(wholeJob(JSON.stringify({ parameters })))).toEqual({ parameters, context: place, wait: 'push' });
});

it.each([
  ['a name of its own', 'x","more":"y', /has other names/],
  ['another place', 'x"},"context":{"action":"Theirs', /has "context" twice/],
  ['what is no JSON any more', 'x"', /is not JSON/],
])('refuses %s that a variable brings into that property', (_what, note, message) => {
  const names = hashOfNames({ url: '', note: '' });
  const text = `{"parameters":{"url":"https://example.com","note":"${note}"},"names":"${names}"}`;
  expect(readBy(wholeJob(text))).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) });
});
