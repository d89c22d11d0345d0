import { afterAll, beforeAll, expect, it } from 'vitest';
import { variableCheck } from '../../../infra/public.ts';
import { actionPipeline, place, type ActionPipeline } from '../../support/action-pipeline.ts';

let pipeline: ActionPipeline;
let execution: string;
beforeAll(async () => {
  const id = '#{codepipeline.PipelineExecutionId}';
  pipeline = await actionPipeline({
    actions: ['variable-check'],
    stage: ({ slipway }) => [
      slipway.action(variableCheck, {
        ...{ ...place, actionName: 'First', runOrder: 1, variablesNamespace: 'First' },
        parameters: { checks: [{ value: id, operator: 'matches', expected: '^[0-9a-f-]{36}$' }] },
      }),
      slipway.action(variableCheck, {
        ...{ ...place, actionName: 'Good', runOrder: 2 },
        parameters: { checks: [{ value: '#{First.checkCount}', operator: 'atLeast', expected: 1 }] },
      }),
      slipway.action(variableCheck, {
        ...{ ...place, actionName: 'Bad', runOrder: 2 },
        parameters: {
          checks: [
            { name: 'count', value: '#{First.checkCount}', operator: 'greaterThan', expected: 1 },
            { name: 'execution', value: id, operator: 'isIn', expected: ['none'] },
          ],
        },
      }),
    ],
  });
  execution = await pipeline.start();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

it('compares variables as the pipeline fills them in', async () => {
  expect(await pipeline.untilEnded(execution, 'Good')).toMatchObject({
    status: 'Succeeded',
    summary: '1 check, all hold',
    outputs: { checkCount: '1', failedCount: '0' },
  });
});

it('names all that are not as they have to be', async () => {
  expect(await pipeline.untilEnded(execution, 'Bad')).toMatchObject({
    status: 'Failed',
    error: {
      code: 'JobFailed',
      message: `2 of 2 checks failed: count is "1", it has to be greater than 1; execution is "${execution}", it has to be one of "none"`,
    },
  });
});
