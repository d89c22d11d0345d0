import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ActionCategory } from 'aws-cdk-lib/aws-codepipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CustomActionType, runWorkflow } from '../../../infra/public.ts';
import { actionPipeline, pipelineName, type ActionPipeline } from '../../support/action-pipeline.ts';

/** Waits for as many seconds as its input says. */
const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Output: { waited: true }, End: true },
  },
};

let pipeline: ActionPipeline;
beforeAll(async () => {
  pipeline = await actionPipeline({
    actions: ['run-workflow'],
    stage: ({ slipway, stack }) => {
      const { stateMachineArn } = new StateMachine(stack, 'Machine', {
        definitionBody: DefinitionBody.fromString(JSON.stringify(definition)),
      });
      const links = {
        entity: 'https://example.com/{Config:stateMachineArn}',
        execution: 'https://example.com/{ExternalExecutionId}',
      };
      const type = new CustomActionType(stack, 'Type', {
        ...{ slipway, declaration: runWorkflow, category: ActionCategory.TEST, links },
      });
      const act = (actionName: string, seconds: number) =>
        type.action({ actionName, parameters: { stateMachineArn, input: { seconds }, timeoutMinutes: 120 } });
      return [act('Quick', 5), act('Long', 3_000)];
    },
  });
});
afterAll(() => pipeline[Symbol.asyncDispose]());

/** The worker, and the rules that start it. */
async function theWorker(): Promise<{ name: string; order: object; startedRule: string }> {
  const named = z.object({ Functions: z.array(z.object({ FunctionName: z.string() })) });
  const { Functions: functions } = named.parse(await pipeline.cloud.call('lambda', 'ListFunctions', {}));
  const name = functions.find(({ FunctionName }) => FunctionName.includes('ActionsWork'))?.FunctionName ?? '';
  const ruled = z.object({ Rules: z.array(z.object({ Name: z.string() })) });
  const { Rules: rules } = ruled.parse(await pipeline.cloud.call('events', 'ListRules', {}));
  const startedRule = rules.find(({ Name }) => Name.includes('TypeStarted'))?.Name ?? '';
  const targeted = z.object({ Targets: z.array(z.object({ Input: z.string() })) });
  const { Targets: targets } = targeted.parse(
    await pipeline.cloud.call('events', 'ListTargetsByRule', { Rule: startedRule }),
  );
  return { name, startedRule, order: z.looseObject({}).parse(JSON.parse(targets[0]?.Input ?? '')) };
}

/** How many executions of the workflow were started. */
async function workflowCount(): Promise<number> {
  const machines = z.object({ stateMachines: z.array(z.object({ name: z.string(), stateMachineArn: z.string() })) });
  const { stateMachines } = machines.parse(await pipeline.cloud.call('states', 'ListStateMachines', {}));
  const arn = stateMachines.find(({ name }) => name.includes('Acting'))?.stateMachineArn;
  const listed = await pipeline.cloud.call('states', 'ListExecutions', { stateMachineArn: arn });
  return z.object({ executions: z.array(z.unknown()) }).parse(listed).executions.length;
}

/** When an action began and ended, as CodePipeline has it. */
async function timesOf(action: string, pipelineExecutionId: string): Promise<[number, number]> {
  const { actionExecutionDetails: details } = z
    .object({
      actionExecutionDetails: z.array(
        z.object({ actionName: z.string(), startTime: z.date(), lastUpdateTime: z.date() }),
      ),
    })
    .parse(
      await pipeline.cloud.call('codepipeline', 'ListActionExecutions', {
        ...{ pipelineName, filter: { pipelineExecutionId } },
      }),
    );
  const found = details.find(({ actionName }) => actionName === action);
  return [found?.startTime.getTime() ?? Number.NaN, found?.lastUpdateTime.getTime() ?? Number.NaN];
}

/** Where the console's link of an action leads. */
async function linkOf(action: string): Promise<string | undefined> {
  const schema = z.object({
    stageStates: z.array(
      z.object({
        actionStates: z.array(
          z.object({
            actionName: z.string(),
            latestExecution: z.object({ externalExecutionUrl: z.string().optional() }).optional(),
          }),
        ),
      }),
    ),
  });
  const state = schema.parse(await pipeline.cloud.call('codepipeline', 'GetPipelineState', { name: pipelineName }));
  const actions = state.stageStates.flatMap(({ actionStates }) => actionStates);
  return actions.find(({ actionName }) => actionName === action)?.latestExecution?.externalExecutionUrl;
}

describe('an action as a custom action type', () => {
  it('is begun by its event, and ends as soon as its work does', async () => {
    const execution = await pipeline.start();
    const quick = await pipeline.untilEnded(execution, 'Quick', '1s');
    expect(quick).toMatchObject({ status: 'Succeeded', outputs: { output: '{"waited":true}' } });
    expect(await linkOf('Quick')).toBe(`https://example.com/${quick.outputs['executionArn']}`);
    // Far longer than the 20 minutes in which a Lambda action must answer, and no second after the workflow.
    await pipeline.cloud.advance('49m');
    expect(await pipeline.look(execution, 'Long')).toMatchObject({ status: 'InProgress' });
    const long = await pipeline.untilEnded(execution, 'Long', '1s');
    expect(long).toMatchObject({ status: 'Succeeded' });
    const [begunMs, endedMs] = await timesOf('Long', execution);
    // The worker's beginning, and nothing at the end.
    expect((endedMs - begunMs) / 1000 - 3_000).toBeLessThan(5);
  });

  it('is begun without its event, within five minutes', async () => {
    const { startedRule } = await theWorker();
    await pipeline.cloud.call('events', 'DisableRule', { Name: startedRule });
    const execution = await pipeline.start();
    await pipeline.cloud.advance('30s');
    expect(await pipeline.look(execution, 'Quick')).toMatchObject({ status: 'InProgress' });
    await pipeline.cloud.advance('6m');
    expect(await pipeline.look(execution, 'Quick')).toMatchObject({ status: 'Succeeded' });
    await pipeline.cloud.call('events', 'EnableRule', { Name: startedRule });
  });

  it('is run once by two workers at once', async () => {
    const { name, order } = await theWorker();
    const before = await workflowCount();
    const execution = await pipeline.start();
    const Payload = new TextEncoder().encode(JSON.stringify(order));
    const work = () =>
      pipeline.cloud.call('lambda', 'Invoke', { FunctionName: name, InvocationType: 'Event', Payload });
    await Promise.all([work(), work(), work()]);
    expect(await pipeline.untilEnded(execution, 'Quick', '5s')).toMatchObject({ status: 'Succeeded' });
    // One for each of the two actions.
    expect((await workflowCount()) - before).toBe(2);
  });
});
