import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ActionFunction } from '../../../infra/public.ts';
import { actionPipeline, type ActionPipeline } from '../../support/action-pipeline.ts';
import { heatOven } from '../../support/own-actions/heat-oven.ts';

let pipeline: ActionPipeline;
let execution: string;
beforeAll(async () => {
  pipeline = await actionPipeline({
    actions: [],
    isReconciled: true,
    stage: ({ slipway, stack }) => {
      const entry = new URL('../../support/own-actions/heat-oven.ts', import.meta.url);
      const whole = new ActionFunction(stack, 'Whole', { slipway, declaration: heatOven, entry });
      const broken = new ActionFunction(stack, 'Broken', { slipway, declaration: heatOven, entry });
      // It can keep its wait, and not start the workflow: both its deliveries die behind `startJob`.
      broken.function.addEnvironment('SLIPWAY_JOB_MACHINE_ARN', 'arn:aws:states:us-east-1:1:stateMachine:Gone:live');
      return [
        whole.action({ actionName: 'Left', oven: 'left' }),
        whole.action({ actionName: 'Middle', oven: 'middle' }),
        broken.action({ actionName: 'Right', oven: 'right' }),
      ];
    },
  });
  execution = await pipeline.start();
  await pipeline.cloud.advance('20s');
});
afterAll(() => pipeline?.[Symbol.asyncDispose]());

describe('the work of a long job that ends without it', () => {
  it('is cancelled when its function died on both deliveries behind startJob', async () => {
    expect(await hotOvens()).toEqual(['left', 'middle', 'right']);
    expect(await pipeline.untilEnded(execution, 'Right')).toMatchObject({
      status: 'Failed',
      error: { code: 'SystemUnavailable', message: expect.stringContaining('ended without a result') },
    });
    await pipeline.cloud.advance('30s');
    expect(await hotOvens()).toEqual(['left', 'middle']);
  });

  it('is cancelled when its workflow was aborted', async () => {
    const [aborted] = await workflows('RUNNING');
    await pipeline.cloud.call('states', 'StopExecution', { executionArn: aborted?.executionArn });
    await pipeline.cloud.advance('10s');
    const seen = [await pipeline.look(execution, 'Left'), await pipeline.look(execution, 'Middle')];
    // The result comes first.
    expect(seen.map((action) => action?.status).toSorted()).toEqual(['Failed', 'InProgress']);
    expect(seen.find((action) => action?.status === 'Failed')).toMatchObject({
      error: { code: 'SystemUnavailable', message: expect.stringContaining('ended as ABORTED') },
    });
    await pipeline.cloud.advance('2m');
    expect(await hotOvens()).toHaveLength(1);
    expect((await workflows('SUCCEEDED')).map(({ name }) => name)).toContain(`${aborted?.name}_2`);
  });

  it('goes on while its job waits', async () => {
    await pipeline.cloud.advance('2h');
    expect(await hotOvens()).toHaveLength(1);
    expect(await workflows('RUNNING')).toHaveLength(1);
  });

  it('is cancelled by the reconciler when nobody heard that its workflow was aborted', async () => {
    const { Rules: rules } = z
      .object({ Rules: z.array(z.object({ Name: z.string() })) })
      .parse(await pipeline.cloud.call('events', 'ListRules', {}));
    const rule = rules.find(({ Name }) => Name.includes('LongJobsWorkflowBroke'));
    await pipeline.cloud.call('events', 'DisableRule', { Name: rule?.Name });
    const [lost] = await workflows('RUNNING');
    await pipeline.cloud.call('states', 'StopExecution', { executionArn: lost?.executionArn });
    await pipeline.cloud.advance('2m');
    expect(await hotOvens()).toHaveLength(1);
    // Before CodePipeline gives the job up.
    await pipeline.cloud.advance('13m');
    expect(await hotOvens()).toEqual([]);
    const ended = [await pipeline.look(execution, 'Left'), await pipeline.look(execution, 'Middle')];
    expect(ended).toMatchObject([{ status: 'Failed' }, { status: 'Failed' }]);
  });
});

async function hotOvens(): Promise<string[]> {
  const found = await pipeline.cloud.call('ssm', 'GetParametersByPath', { Path: '/ovens' });
  const { Parameters: parameters } = z.object({ Parameters: z.array(z.object({ Name: z.string() })) }).parse(found);
  return parameters.map(({ Name }) => Name.slice('/ovens/'.length)).toSorted();
}

async function workflows(statusFilter: string) {
  const { stateMachines } = z
    .object({ stateMachines: z.array(z.object({ name: z.string(), stateMachineArn: z.string() })) })
    .parse(await pipeline.cloud.call('states', 'ListStateMachines', {}));
  const machine = stateMachines.find(({ name }) => name.includes('-Job'));
  const input = { stateMachineArn: machine?.stateMachineArn, statusFilter };
  return z
    .object({ executions: z.array(z.object({ executionArn: z.string(), name: z.string() })) })
    .parse(await pipeline.cloud.call('states', 'ListExecutions', input)).executions;
}
