import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { declareAction, implementAction, type Action, type ResultOf } from '../../../shared/actions/action.ts';
import { fail, succeed } from '../../../shared/actions/public.ts';
import { actionBench, type ActionRun } from '../../../shared/actions/testing.ts';
import { createJobAnswers } from '../../../shared/aws/job-answers.ts';

const client = new CodePipelineClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
const codePipeline = mockClient(client);
beforeEach(() => {
  codePipeline.reset();
  codePipeline.on(PutJobSuccessResultCommand).resolves({});
  codePipeline.on(PutJobFailureResultCommand).resolves({});
});

const probe = declareAction({
  ...{ id: 'probe', description: 'A probe.', outputs: [] },
  parameters: z.strictObject({}),
  state: z.strictObject({ step: z.number() }),
});
type Result = ResultOf<typeof probe>;

/** An action that gives these answers, one for each time that it is run. */
function answering(...answers: readonly Result[]): Action<typeof probe> {
  let runCount = 0;
  return implementAction(probe, async () => {
    runCount += 1;
    return answers[runCount - 1] ?? fail('JobFailed', 'run too often');
  });
}

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
      expect(run.result?.kind).toBe('succeeded');
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
});
