import { expect, it } from 'vitest';
import { notRunIn } from '../../../cli/start/not-run.ts';

const pipeline = {
  arn: 'arn:aws:codepipeline:us-east-1:123456789012:checkout',
  executionId: '11111111-1111-1111-1111-111111111111',
  attempt: 1,
};

it('repeats at the result of a release what of its pipeline was not run', async () => {
  const asked: unknown[] = [];
  const call = async (...words: unknown[]) => {
    asked.push(words);
    return { pipelineExecution: { status: 'Succeeded', statusSummary: 'not run locally: Build/Compile' } };
  };
  expect(await notRunIn({ call }, { pipeline })).toBe('not run locally: Build/Compile');
  const input = { pipelineName: 'checkout', pipelineExecutionId: pipeline.executionId };
  expect(asked).toEqual([['codepipeline', 'GetPipelineExecution', input]]);
});

it('says nothing where everything was run, or no pipeline', async () => {
  expect(await notRunIn({ call: async () => ({ pipelineExecution: {} }) }, { pipeline })).toBeUndefined();
  expect(await notRunIn({ call: () => Promise.reject(new Error('asked')) }, {})).toBeUndefined();
});
