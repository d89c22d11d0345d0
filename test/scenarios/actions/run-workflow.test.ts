import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { runWorkflow } from '../../../infra/public.ts';
import { actionPipeline, pipelineName, place, type ActionPipeline } from '../../support/action-pipeline.ts';

/** Waits for as many seconds as its input says, then succeeds or fails as it says. */
const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Next: 'Is it good?' },
    'Is it good?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.good %}', Next: 'Good' }],
      Default: 'Bad',
    },
    Good: { Type: 'Pass', Output: { waited: '{% $states.input.seconds %}' }, End: true },
    Bad: { Type: 'Fail', Error: 'NotGood', Cause: 'as the input said' },
  },
};

const marked = 'a value of a parameter';

const actions = {
  Quick: { input: { seconds: 5, good: true }, timeoutMinutes: 10 },
  Bad: { input: { seconds: 40, good: false }, timeoutMinutes: 10 },
  Long: { input: { seconds: 3 * 3600, good: true, name: marked }, timeoutMinutes: 600 },
  Late: { input: { seconds: 5 * 3600, good: true }, timeoutMinutes: 30 },
};

let pipeline: ActionPipeline;
beforeAll(async () => {
  pipeline = await actionPipeline({
    actions: ['run-workflow'],
    stage: ({ slipway, stack }) => {
      const { stateMachineArn } = new StateMachine(stack, 'Machine', {
        definitionBody: DefinitionBody.fromString(JSON.stringify(definition)),
      });
      return Object.entries(actions).map(([actionName, parameters]) =>
        slipway.action(runWorkflow, { ...place, actionName, parameters: { stateMachineArn, ...parameters } }),
      );
    },
  });
});
afterAll(() => pipeline[Symbol.asyncDispose]());

describe('run-workflow in a pipeline', () => {
  let execution: string;
  beforeAll(async () => {
    execution = await pipeline.start();
  });

  it('ends as soon as the workflow does, with its output', async () => {
    expect(await pipeline.untilEnded(execution, 'Quick', '1s')).toEqual({
      status: 'Succeeded',
      summary: expect.stringMatching(/^workflow .* succeeded$/),
      error: undefined,
      outputs: { output: '{"waited":5}', executionArn: expect.stringContaining(':slipway-') },
    });
  });

  it('fails with the error of the workflow', async () => {
    expect(await pipeline.untilEnded(execution, 'Bad')).toMatchObject({
      status: 'Failed',
      error: { code: 'JobFailed', message: expect.stringMatching(/failed: NotGood: as the input said$/) },
    });
  });

  it('stops a workflow that takes too long', async () => {
    const late = await pipeline.untilEnded(execution, 'Late', '5m');
    expect(late).toMatchObject({ status: 'Failed', error: { message: expect.stringContaining('within 30 minutes') } });
    expect(await statuses('ABORTED')).toHaveLength(1);
  });

  it('says which execution it waits for, once its job was renewed', async () => {
    expect(await pipeline.look(execution, 'Long')).toMatchObject({ status: 'InProgress' });
    const state = await pipeline.cloud.call('codepipeline', 'GetPipelineState', { name: pipelineName });
    const seen = z.object({
      actionName: z.string(),
      latestExecution: z.object({ externalExecutionId: z.string().optional() }).optional(),
    });
    const schema = z.object({ stageStates: z.array(z.object({ actionStates: z.array(seen) })) });
    const actionStates = schema.parse(state).stageStates.flatMap((stage) => stage.actionStates);
    expect(actionStates.find(({ actionName }) => actionName === 'Long')?.latestExecution).toEqual({
      externalExecutionId: expect.stringMatching(/^arn:.*:execution:.*:slipway-/),
    });
  });

  it('waits for hours with 12 transitions and 4 invocations an hour', async () => {
    expect(await pipeline.untilEnded(execution, 'Long', '5m')).toMatchObject({
      status: 'Succeeded',
      outputs: { output: '{"waited":10800}' },
    });
    const histories = await Promise.all((await jobWorkflows()).map(history));
    expect(JSON.stringify(histories), 'parameters and state are in no history').not.toContain(marked);
    const longest = Math.max(...histories.map((events) => events.filter(isStateEntered).length));
    // Begin, what is next, and for the end: look, what is next, done.
    expect(longest).toBeLessThanOrEqual(3 * 12 + 6);
    expect(await invocationsOfOneJob()).toBeLessThanOrEqual(2 * 4 + 2);
  });
});

it('stops the workflow of an action that is abandoned, and not that of its retry when the event comes again', async () => {
  const execution = await pipeline.start();
  await pipeline.cloud.advance('1m');
  await pipeline.cloud.call('codepipeline', 'StopPipelineExecution', {
    pipelineName,
    pipelineExecutionId: execution,
    abandon: true,
  });
  const before = (await statuses('ABORTED')).length;
  await pipeline.cloud.advance('1m');
  expect(await pipeline.look(execution, 'Long')).toMatchObject({ status: 'Abandoned' });
  expect((await statuses('ABORTED')).length - before).toBeGreaterThanOrEqual(2);
  expect(await statuses('RUNNING')).toEqual([]);

  const time = await lastChangeAt(execution);
  const retry = { pipelineName, stageName: place.stageName, pipelineExecutionId: execution, retryMode: 'ALL_ACTIONS' };
  await pipeline.cloud.call('codepipeline', 'RetryStageExecution', retry);
  await pipeline.cloud.advance('1m');
  const goingOn = await statuses('RUNNING');
  expect(goingOn).toHaveLength(2);
  pipeline.cloud.deliver({
    ...{
      source: 'aws.codepipeline',
      'detail-type': 'CodePipeline Pipeline Execution State Change',
      time,
      resources: [],
    },
    detail: { pipeline: pipelineName, 'execution-id': execution, state: 'STOPPED', version: 1 },
  });
  await pipeline.cloud.advance('1m');
  expect(await pipeline.look(execution, 'Long')).toMatchObject({ status: 'InProgress' });
  expect(await statuses('RUNNING')).toEqual(goingOn);
});

/** When a pipeline execution was last changed, as an event has it. */
async function lastChangeAt(pipelineExecutionId: string): Promise<string> {
  const { pipelineExecutionSummaries: summaries } = z
    .object({
      pipelineExecutionSummaries: z.array(z.object({ pipelineExecutionId: z.string(), lastUpdateTime: z.date() })),
    })
    .parse(await pipeline.cloud.call('codepipeline', 'ListPipelineExecutions', { pipelineName }));
  const found = summaries.find((summary) => summary.pipelineExecutionId === pipelineExecutionId);
  return found?.lastUpdateTime.toISOString().replace(/\.\d+Z$/, 'Z') ?? '';
}

const executionsSchema = z.object({ executions: z.array(z.object({ executionArn: z.string(), name: z.string() })) });

async function machineArn(part: string): Promise<string> {
  const { stateMachines } = z
    .object({ stateMachines: z.array(z.object({ name: z.string(), stateMachineArn: z.string() })) })
    .parse(await pipeline.cloud.call('states', 'ListStateMachines', {}));
  return stateMachines.find(({ name }) => name.includes(part))?.stateMachineArn ?? '';
}

/** Executions of the workflow that the actions run. */
async function statuses(statusFilter: string): Promise<string[]> {
  const stateMachineArn = await machineArn('Acting');
  const listed = await pipeline.cloud.call('states', 'ListExecutions', { stateMachineArn, statusFilter });
  return executionsSchema.parse(listed).executions.map(({ name }) => name);
}

async function jobWorkflows(): Promise<string[]> {
  const stateMachineArn = await machineArn('-Job');
  const listed = await pipeline.cloud.call('states', 'ListExecutions', { stateMachineArn });
  return executionsSchema.parse(listed).executions.map(({ executionArn }) => executionArn);
}

const historySchema = z.object({ events: z.array(z.looseObject({ type: z.string() })) });
type HistoryEvent = z.infer<typeof historySchema>['events'][number];

async function history(executionArn: string): Promise<readonly HistoryEvent[]> {
  const read = await pipeline.cloud.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 });
  return historySchema.parse(read).events;
}

const isStateEntered = ({ type }: HistoryEvent): boolean => type.endsWith('StateEntered');

/** Lambda's own count over the two last hours of the long job, when no other action was left. */
async function invocationsOfOneJob(): Promise<number> {
  const functions = z
    .object({ Functions: z.array(z.object({ FunctionName: z.string() })) })
    .parse(await pipeline.cloud.call('lambda', 'ListFunctions', {}));
  const name = functions.Functions.find(({ FunctionName }) => FunctionName.includes('RunRunWorkflow'))?.FunctionName;
  const { Datapoints: points } = z.object({ Datapoints: z.array(z.object({ Sum: z.number() })) }).parse(
    await pipeline.cloud.call('monitoring', 'GetMetricStatistics', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: name }],
      StartTime: new Date(Date.UTC(2026, 0, 5, 10)),
      EndTime: new Date(Date.UTC(2026, 0, 5, 13)),
      Period: 300,
      Statistics: ['Sum'],
    }),
  );
  return points.reduce((sum, { Sum }) => sum + Sum, 0);
}
