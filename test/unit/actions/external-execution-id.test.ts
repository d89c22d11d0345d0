import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  declareAction,
  implementAction,
  type Action,
  type CheckResultOf,
  type ResultOf,
} from '../../../shared/actions/action.ts';
import { continueLater, fail, runAgain, startJob, stillRunning, succeed } from '../../../shared/actions/public.ts';
import { actionBench, type ActionRun } from '../../../shared/actions/testing/testing.ts';
import { createJobAnswers } from '../../../shared/aws/job-answers.ts';

const client = new CodePipelineClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
const codePipeline = mockClient(client);
beforeEach(() => {
  codePipeline.reset();
  codePipeline.on(PutJobSuccessResultCommand).resolves({});
  codePipeline.on(PutJobFailureResultCommand).resolves({});
});

const probe = declareAction({
  ...{ id: 'probe', description: 'A probe.', outputs: [], mayWait: true },
  parameters: z.strictObject({}),
  state: z.strictObject({ step: z.number() }),
});
type Result = ResultOf<typeof probe>;

/** An action that gives these answers, one for each time that it is run or that its work is checked. */
function answering(...answers: readonly (Result | CheckResultOf<typeof probe>)[]): Action<typeof probe> {
  let count = 0;
  const next = async () => {
    count += 1;
    // Each test gives to each what it may answer.
    return (answers[count - 1] ?? fail('JobFailed', 'asked too often')) as never;
  };
  return implementAction(probe, next, { check: next });
}

const externalExecutionId = 'build/7';
const checks = { firstSeconds: 60, backoffRate: 2, maxSeconds: 3_600 };
const done = succeed({ summary: 'built' });

/** The ids that CodePipeline is told, by the calls that the shipped gateway makes of a run's answers. */
async function idsIn({ answers }: Pick<ActionRun, 'answers'>): Promise<readonly (string | undefined)[]> {
  codePipeline.resetHistory();
  for (const { jobId, answer } of answers) await createJobAnswers(client).send(jobId, answer);
  const said = z.object({ externalExecutionId: z.string().optional() });
  const schema = z.object({ executionDetails: said.optional(), failureDetails: said.optional() });
  return codePipeline.calls().map(({ args: [{ input }] }) => {
    const { executionDetails, failureDetails } = schema.parse(input);
    return (executionDetails ?? failureDetails)?.externalExecutionId;
  });
}

describe('the id of work elsewhere', () => {
  it.each([
    succeed({ summary: 'built', externalExecutionId: 'build/7' }),
    fail('JobFailed', 'broken', { externalExecutionId: 'build/7' }),
  ])('goes along with the answer that gives it: $kind', async (answer) => {
    expect(await idsIn(await actionBench(answering(answer)).start())).toEqual(['build/7']);
  });

  it('may have 1,500 characters, and is none if it is empty', async () => {
    const ids = ['x'.repeat(1_500), ''];
    for (const externalExecutionId of ids) {
      const run = await actionBench(answering(succeed({ summary: 'built', externalExecutionId }))).start();
      expect(run.result).toMatchObject({ kind: 'succeeded' });
      expect(await idsIn(run)).toEqual([externalExecutionId || undefined]);
    }
  });

  it('is refused if it is longer, and left out of a failure', async () => {
    const externalExecutionId = 'x'.repeat(1_501);
    const refused = await actionBench(answering(succeed({ summary: 'built', externalExecutionId }))).start();
    expect(refused.result).toMatchObject({
      ...{ kind: 'failed', type: 'ConfigurationError' },
      message: 'externalExecutionId has 1501 characters, CodePipeline allows 1500; give the id alone',
    });
    const failed = await actionBench(answering(fail('JobFailed', 'broken', { externalExecutionId }))).start();
    expect(failed.result).toEqual({ kind: 'failed', type: 'JobFailed', message: 'broken' });
  });

  it('goes along with every later answer, until another is given', async () => {
    const later = { seconds: 1, summary: 'on' };
    const run = await actionBench(
      answering(
        continueLater({ step: 1 }, { ...later, externalExecutionId }),
        continueLater({ step: 2 }, later),
        continueLater({ step: 3 }, { ...later, externalExecutionId: 'deploy/1' }),
        fail('JobFailed', 'broken'),
      ),
    ).start();
    await run.advance({ minutes: 5 });
    expect(await idsIn(run)).toEqual(['build/7', 'build/7', 'deploy/1', 'deploy/1']);
  });

  it('of a long job goes along with its renewals and its end, whoever answers them', async () => {
    const waits = (until: { event: string } | { checks: typeof checks }) =>
      startJob({ step: 1 }, { until, summary: 'builds', externalExecutionId });
    const renewed = await actionBench(
      answering(waits({ event: 'built' }), stillRunning({ summary: 'on' }), done),
    ).start();
    await renewed.advance({ minutes: 20 });
    await renewed.tell('built');
    await renewed.tell('built');
    expect(renewed.result).toMatchObject({ kind: 'succeeded' });
    const ids = await idsIn(renewed);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids)).toEqual(new Set(['build/7']));
  });

  it('may be known to a check alone, and is there when run has the rest to do', async () => {
    const run = await actionBench(
      answering(
        startJob({ step: 1 }, { until: { checks }, summary: 'asked for' }),
        stillRunning({ summary: 'builds', externalExecutionId }),
        runAgain({ step: 2 }, 'built'),
        done,
      ),
    ).start();
    await run.advance({ minutes: 30 });
    expect(run.result).toMatchObject({ kind: 'succeeded' });
    expect(await idsIn(run)).toEqual(['build/7', 'build/7']);
  });

  it('of a long job that is polled goes along with each continuation', async () => {
    const userParameters = JSON.stringify({ parameters: {}, wait: 'poll' });
    const run = await actionBench(
      answering(
        startJob({ step: 1 }, { until: { event: 'built' }, summary: 'builds', externalExecutionId }),
        stillRunning({ summary: 'still' }),
        done,
      ),
    ).start({ userParameters });
    await run.advance({ minutes: 5 });
    expect(run.result).toMatchObject({ kind: 'succeeded' });
    const ids = await idsIn(run);
    expect(ids.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ids)).toEqual(new Set(['build/7']));
  });
});
