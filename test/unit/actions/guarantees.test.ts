import { artifactsIn } from '../../../shared/actions/job-artifacts.ts';
import type { Job } from '../../../shared/actions/runner/job-event.ts';
import {
  CodePipelineClient,
  InvalidJobStateException,
  JobNotFoundException,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { mockClient } from 'aws-sdk-client-mock';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { declareAction, implementAction, type Action } from '../../../shared/actions/action.ts';
import { answerDeadJob, answerExpiredJobs, type DeadJobEdge } from '../../../shared/actions/runner/answer-job.ts';
import type { ActionEdge } from '../../../shared/actions/runner/guard.ts';
import { createJobStore } from '../../../shared/actions/runner/job-store.ts';
import { ActionFailed, continueLater, fail, startJob, succeed } from '../../../shared/actions/result.ts';
import { runAction } from '../../../shared/actions/runner/run-action.ts';
import { testJobEvent, type TestJobOptions } from '../../../shared/actions/testing/testing.ts';
import { createJobAnswers } from '../../../shared/aws/job-answers.ts';
import { silentLog } from '../../../shared/log.ts';
import { root } from '../../architecture/repository.ts';
import { memoryStore } from '../../support/memory-store.ts';

// What the runner promises for every action, each promise by its name in docs/adding.md. The runner is the shipped one with
// the table's job store and CodePipeline's gateway; only the service's own answers are set.

const client = new CodePipelineClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
const codePipeline = mockClient(client);
beforeEach(() => {
  codePipeline.reset();
  codePipeline.on(PutJobSuccessResultCommand).resolves({});
  codePipeline.on(PutJobFailureResultCommand).resolves({});
});

const refusal = (name: string): Error => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });

/** What CodePipeline was sent, also what it refused. */
function sent(): object[] {
  return codePipeline.calls().map(({ args: [{ input }] }) => input);
}

const declared = {
  ...{ id: 'probe', description: 'A probe.', outputs: ['count'], inputArtifacts: { min: 0, max: 1 } },
  parameters: z.strictObject({ limit: z._default(z.int(), 3) }),
  state: z.strictObject({ text: z.string() }),
} as const;
const declaration = declareAction(declared);
const idempotent = declareAction({ ...declared, isIdempotent: true });

/** A world whose clock the test sets. */
function world() {
  const clock = { time: Date.UTC(2026, 0, 5, 9), nowMs: () => clock.time };
  const table = memoryStore();
  const edge = {
    jobs: createJobStore(table, clock),
    answers: createJobAnswers(client),
    artifacts: (of: Job) => artifactsIn({ download: async () => bomb, upload: async () => undefined }, of),
    gateways: {},
    tellProgress: async () => undefined,
    // None of the probes waits for work elsewhere.
    giveUpWork: async () => undefined,
    ...{ clock, log: silentLog, requestId: 'request-1', remainingMs: () => 60_000 },
  } satisfies ActionEdge & DeadJobEdge;
  let runCount = 0;
  const run = (action: Action['run'], options: TestJobOptions & { readonly isIdempotent?: boolean } = {}) => {
    const counting = implementAction(options.isIdempotent ? idempotent : declaration, async (input) => {
      runCount += 1;
      // The probes answer what the declaration allows, or something else on purpose.
      return (await action(input)) as never;
    });
    return runAction(counting as Action, testJobEvent(options)['CodePipeline.job'], edge);
  };
  return { clock, edge, run, runs: () => runCount };
}
const jobId = testJobEvent()['CodePipeline.job'].id;
const fine = async () => succeed({ outputs: { count: '1' }, summary: 'fine' });
/** A zip whose directory says that its one file is 300 MB. */
function bombOf(zip: Buffer): Buffer {
  zip.writeUInt32LE(300_000_000, zip.indexOf('PK\u0001\u0002') + 24);
  return zip;
}
const bomb = bombOf(Buffer.from(zipSync({ zeros: new Uint8Array(10) })));

describe('exactly one result', () => {
  it('when the action throws', async () => {
    for (const thrown of [new Error('disk is full'), 'a text', undefined, { toString: undefined }]) {
      codePipeline.resetHistory();
      const { run } = world();
      await run(() => Promise.reject(thrown as Error));
      expect(sent()).toMatchObject([{ jobId, failureDetails: { type: 'JobFailed' } }]);
    }
  });

  it('when the parameters are refused', async () => {
    const { run, runs } = world();
    await run(fine, { parameters: { limit: 'many' } });
    expect(sent()).toMatchObject([{ failureDetails: { type: 'ConfigurationError' } }]);
    expect(runs()).toBe(0);
  });

  it('when the parameters are nested past all reading', async () => {
    const { run, runs } = world();
    const deep = `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`;
    for (const more of ['', ',"names":"0123456789abcdef"'])
      await run(fine, { userParameters: `{"parameters":${deep}${more}}`, id: `job${more.length}` });
    const message = expect.stringContaining('nested deeper than 100 levels') as string; // its type is `any`
    const refused = { failureDetails: { type: 'ConfigurationError', message } };
    expect(sent()).toMatchObject([refused, refused]);
    expect(runs()).toBe(0);
  });

  it.each([
    ['a time that never comes', () => continueLater({ text: '' }, { seconds: -Infinity, summary: 'on' })],
    ['no state', () => continueLater(undefined as never, { seconds: 1, summary: 'on' })],
    ['an event without a name', () => startJob({ text: '' }, { until: { event: '' }, summary: 'on' })],
    [
      'an event of 2,000 characters',
      () => startJob({ text: '' }, { until: { event: 'x'.repeat(2_000) }, summary: '' }),
    ],
  ])('when the action goes on with %s', async (_what, answer) => {
    await world().run(async () => answer());
    expect(sent()).toHaveLength(1);
  });

  it('when the action has no time left', async () => {
    const { edge } = world();
    const hanging = implementAction(declaration, () => new Promise<never>(() => undefined));
    // 2 s are kept for the answer.
    await runAction(hanging as Action, testJobEvent()['CodePipeline.job'], { ...edge, remainingMs: () => 2_000 });
    const message = expect.stringContaining('did not end in time') as string; // its type is `any`
    expect(sent()).toMatchObject([{ failureDetails: { type: 'JobFailed', message } }]);
  });

  it('when the job is delivered again before its answer', async () => {
    const { run, runs, edge } = world();
    const release = Promise.withResolvers<undefined>();
    const first = run(async () => {
      await release.promise;
      return fine();
    });
    await expect(
      runAction(implementAction(declaration, fine) as Action, testJobEvent()['CodePipeline.job'], {
        ...edge,
        requestId: 'request-2',
      }),
    ).rejects.toMatchObject({ retryable: true });
    release.resolve(undefined);
    await first;
    expect(sent()).toHaveLength(1);
    expect(runs()).toBe(1);
  });

  it('when the job is delivered again after its answer', async () => {
    const { run, runs } = world();
    await run(fine);
    await run(fine);
    expect(sent()).toHaveLength(1);
    expect(runs()).toBe(1);
  });

  it('when the process dies while the action runs', async () => {
    const { run, runs, edge, clock } = world();
    await edge.jobs.claim(jobId, claimUntil(clock.time + 65_000));
    // The destination comes while the claim lives, and leaves a check.
    expect(await answerDeadJob({ jobId, firstJobId: jobId }, 'RetriesExhausted', edge)).toBe('check-left');
    expect(sent()).toEqual([]);
    clock.time += 66_000;
    await answerExpiredJobs(edge);
    await run(fine);
    expect(sent()).toMatchObject([{ failureDetails: { type: 'SystemUnavailable' } }]);
    expect(runs()).toBe(0);
  });

  it('when the process dies between the answer that was kept and its sending', async () => {
    const { run, runs, edge, clock } = world();
    await edge.jobs.claim(jobId, claimUntil(clock.time + 65_000));
    await edge.jobs.keepAnswer(jobId, succeed({ summary: 'kept' }));
    clock.time += 66_000;
    await run(fine);
    expect(sent()).toMatchObject([{ executionDetails: { summary: 'kept' } }]);
    expect(runs()).toBe(0);
  });

  it('when the call with the result is throttled', async () => {
    const { run, runs } = world();
    codePipeline.on(PutJobSuccessResultCommand).rejectsOnce(refusal('ThrottlingException')).resolves({});
    await expect(run(fine)).rejects.toMatchObject({ name: 'ServiceUnavailable', retryable: true });
    await run(() => Promise.reject(new Error('is not run again')));
    expect(sent()).toMatchObject([{ outputVariables: { count: '1' } }, { outputVariables: { count: '1' } }]);
    expect(runs()).toBe(1);
  });

  it('when the call with the result gets InvalidJobState or JobNotFound', async () => {
    for (const Refusal of [InvalidJobStateException, JobNotFoundException]) {
      codePipeline.resetHistory();
      const { run, runs } = world();
      codePipeline.on(PutJobSuccessResultCommand).rejects(new Refusal({ message: 'no', $metadata: {} }));
      await run(fine);
      await run(fine);
      expect(sent()).toHaveLength(1);
      expect(runs()).toBe(1);
    }
  });

  it('when CodePipeline can never take the result', async () => {
    const { run } = world();
    codePipeline.on(PutJobSuccessResultCommand).rejects(refusal('ValidationException'));
    await run(fine);
    expect(sent()).toMatchObject([{ outputVariables: {} }, { failureDetails: { type: 'ConfigurationError' } }]);
  });
});

describe('documented limits are kept', () => {
  it('of a message, 5,000 characters', async () => {
    await world().run(async () => fail('JobFailed', 'x'.repeat(6_000)));
    await world().run(() => Promise.reject(new Error('x'.repeat(500_000))));
    await world().run(() => Promise.reject(new ActionFailed('JobFailed', 'x'.repeat(6_000))));
    await world().run(fine, { parameters: { ['x'.repeat(9_000)]: 1 } });
    const isCut = { failureDetails: { message: expect.toSatisfy(isLong(5_000)) as string } }; // its type is `any`
    expect(sent()).toMatchObject([isCut, isCut, isCut, isCut]);
    codePipeline.resetHistory();
    await world().run(() => Promise.reject(new ActionFailed('PermissionError', '')));
    expect(sent()).toMatchObject([{ failureDetails: { type: 'PermissionError', message: 'no reason given' } }]);
  });

  it('of a summary, 2,048 characters', async () => {
    await world().run(async () => succeed({ summary: 'x'.repeat(3_000) }));
    expect(sent()).toMatchObject([{ executionDetails: { summary: expect.toSatisfy(isLong(2_048)) } }]);
  });

  it('of a continuation token, 2,048 characters, beside which there is no output', async () => {
    await world().run(async () => continueLater({ text: 'x'.repeat(10_000) }, { seconds: 1, summary: 'on' }));
    const [answer] = z.array(z.looseObject({ continuationToken: z.string().max(2_048) })).parse(sent());
    expect(answer).not.toHaveProperty('outputVariables');
  });

  it('of outputs, 122,880 bytes together', async () => {
    // The name is counted, too.
    await world().run(async () => succeed({ outputs: { count: 'x'.repeat(122_880 - 5) }, summary: 'fits' }));
    await world().run(async () => succeed({ outputs: { count: 'x'.repeat(122_880 - 4) }, summary: 'does not' }));
    expect(sent()).toMatchObject([
      { executionDetails: { summary: 'fits' } },
      { failureDetails: { type: 'ConfigurationError' } },
    ]);
  });

  it('of percentages, whole numbers from 0 to 100', async () => {
    for (const percentComplete of [-3, 33.4, 250])
      await world().run(async () => continueLater({ text: '' }, { seconds: 1, summary: 'on', percentComplete }));
    expect(sent()).toMatchObject([0, 33, 100].map((percentComplete) => ({ executionDetails: { percentComplete } })));
  });

  it('of the state, 300,000 bytes, which live in the table', async () => {
    await world().run(async () => continueLater({ text: 'x'.repeat(300_001) }, { seconds: 1, summary: 'on' }));
    expect(sent()).toMatchObject([{ failureDetails: { type: 'ConfigurationError' } }]);
  });

  it('of an artifact, 256 MB unpacked, before it is unpacked', async () => {
    await world().run(
      async ({ artifacts }) => {
        await artifacts.read();
        return fine();
      },
      { inputs: { Source: {} } },
    );
    expect(sent()).toMatchObject([
      { failureDetails: { type: 'ConfigurationError', message: expect.stringContaining('256000000') } },
    ]);
  });
});

it('stands in docs/adding.md with each promise by the name of its test', () => {
  const page = readFileSync(join(root, 'docs/adding.md'), 'utf8');
  const told = [...page.matchAll(/^\|[^|]*\| `([^`]+)` +\|$/gm)].map(([, name = '']) => name);
  const source = readFileSync(import.meta.filename, 'utf8');
  const tests = [...source.matchAll(/^ {2}it\('([^']+)'/gm)].map(([, name = '']) => name);
  expect(tests.length).toBeGreaterThan(15);
  expect(told.toSorted()).toEqual(tests.toSorted());
});

function claimUntil(untilMs: number) {
  const until = new Date(untilMs).toISOString();
  return {
    now: new Date(untilMs - 65_000).toISOString(),
    until,
    requestId: 'request-0',
    isIdempotent: false,
    firstJobId: jobId,
    checkAt: until,
  };
}

function isLong(count: number): (text: unknown) => boolean {
  return (text) => typeof text === 'string' && text.length === count && text.endsWith('…');
}
