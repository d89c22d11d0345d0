import type { Condition, PipelineDeclaration, RuleDeclaration, StageDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  catchJobs,
  create,
  execution,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  pipelineRole,
  putSource,
  refusal,
  start,
  state,
  type JobEvent,
} from './fixture.ts';

let cloud: TestCloud;
let jobs: JobEvent[];
beforeEach(async () => {
  cloud = await pipelineCloud({ maxConcurrentExecutions: 2 });
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

function rule(provider: string, configuration: Record<string, string>, more: Partial<RuleDeclaration> = {}) {
  const ruleTypeId = { category: 'Rule', owner: 'AWS', provider, version: '1' } as const;
  return { name: 'Rule', ruleTypeId, configuration, ...more } satisfies RuleDeclaration;
}
const check = (variable: string, name = 'Check') =>
  rule('VariableCheck', { Variable: variable, Value: 'yes', Operator: 'EQ' }, { name });
const ask = rule('LambdaInvoke', { FunctionName: 'gate' });

function pipeline(conditions: Partial<StageDeclaration>, changes: Partial<PipelineDeclaration> = {}) {
  const declaration = pipelineOf({ Test: [lambdaAction('Check')] }, changes);
  const [source, test] = declaration.stages ?? [];
  return { ...declaration, stages: [source!, { ...test!, ...conditions }] };
}
const entry = (rules: RuleDeclaration[], result: Condition['result'] = 'FAIL'): Partial<StageDeclaration> => ({
  beforeEntry: { conditions: [{ result, rules }] },
});
const conditionState = async () => (await state(cloud)).stageStates?.[1]?.beforeEntryConditionState;
const conditionStatus = async () => (await conditionState())?.latestExecution?.status;

describe('the status of a condition', () => {
  it('[codepipeline.conditions.in-progress] is InProgress until every rule has ended', async () => {
    await create(cloud, pipeline(entry([ask, check('no')])));
    await start(cloud);
    expect(await conditionStatus()).toBe('InProgress');
    const rules = (await conditionState())?.conditionStates?.[0]?.ruleStates;
    expect(rules?.map(({ ruleName, latestExecution }) => `${ruleName} ${latestExecution?.status}`)).toEqual([
      'Rule InProgress',
      'Check Failed',
    ]);
  });

  it('[codepipeline.conditions.failed] is Failed where a rule does not hold', async () => {
    await create(cloud, pipeline(entry([check('no'), check('#{Nobody.x}', 'Other')])));
    await start(cloud);
    expect(await conditionStatus()).toBe('Failed');
  });

  it('[codepipeline.conditions.errored] is Errored where a rule could not be evaluated, with the same result', async () => {
    await create(cloud, pipeline(entry([check('yes'), check('#{Nobody.x}', 'Other')])));
    const id = await start(cloud);
    expect(await conditionStatus()).toBe('Errored');
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
    const place = { pipelineName: 'checkout', stageName: 'Test', pipelineExecutionId: id };
    await cloud.call('codepipeline', 'OverrideStageCondition', { ...place, conditionType: 'BEFORE_ENTRY' });
    expect(await conditionStatus()).toBe('Overridden');
  });

  it('[codepipeline.conditions.cancelled] is Cancelled where the pipeline was changed meanwhile', async () => {
    await create(cloud, pipeline(entry([ask])));
    const id = await start(cloud);
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline: pipeline(entry([ask])) });
    expect(await conditionStatus()).toBe('Cancelled');
    expect((await conditionState())?.conditionStates?.[0]?.ruleStates?.[0]?.latestExecution?.status).toBe('Abandoned');
    expect(await execution(cloud, id)).toMatchObject({ status: 'Cancelled' });
  });

  it('[codepipeline.conditions.abandoned] is Abandoned where the execution was stopped so', async () => {
    await create(cloud, pipeline(entry([ask])));
    const pipelineExecutionId = await start(cloud);
    const stop = { pipelineName: 'checkout', pipelineExecutionId, abandon: true };
    await cloud.call('codepipeline', 'StopPipelineExecution', stop);
    expect(await conditionStatus()).toBe('Abandoned');
    expect(await execution(cloud, pipelineExecutionId)).toMatchObject({ status: 'Stopped' });
    const late = cloud.call('codepipeline', 'PutJobSuccessResult', { jobId: jobs[0]?.id });
    expect(await refusal(late)).toMatch(/^InvalidJobStateException/);
  });
});

describe('a rule', () => {
  it('[codepipeline.rules.timeout] fails after the minutes that it names', async () => {
    await create(cloud, pipeline(entry([{ ...ask, timeoutInMinutes: 5 }])));
    const id = await start(cloud);
    await cloud.advance(5 * 60_000 - 1);
    expect(await execution(cloud, id)).toMatchObject({ status: 'InProgress' });
    await cloud.advance(1);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
    expect((await conditionState())?.conditionStates?.[0]?.ruleStates?.[0]?.latestExecution?.errorDetails).toEqual({
      code: 'JobFailed',
      message: "Rule 'Rule' has not ended in time",
    });
  });

  it('[codepipeline.rules.own-role] works with its own role, which the role of the pipeline assumes', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/gate';
    await create(cloud, pipeline(entry([{ ...ask, roleArn }])));
    await start(cloud);
    const { principal } = cloud.calls.findLast(({ request }) => request.operation === 'Invoke') ?? {};
    expect(principal).toMatchObject({ roleArn, assumedBy: { roleArn: pipelineRole } });
  });

  it('[codepipeline.rules.input-artifacts] hands the artifacts that it names to its function', async () => {
    await create(cloud, pipeline(entry([{ ...ask, inputArtifacts: [{ name: 'SourceArtifact' }] }])));
    await start(cloud);
    expect(jobs[0]?.data.inputArtifacts).toMatchObject([{ name: 'SourceArtifact', location: { type: 'S3' } }]);
    expect(jobs[0]?.data.outputArtifacts).toEqual([]);
  });

  it('[codepipeline.rules.executions] is listed with what it was given, resolved and not, and what came of it', async () => {
    await create(cloud, pipeline(entry([check('#{codepipeline.PipelineExecutionId}')])));
    const id = await start(cloud);
    const list = (more: object = {}) =>
      cloud.call<{ ruleExecutionDetails: object[] }>('codepipeline', 'ListRuleExecutions', {
        pipelineName: 'checkout',
        ...more,
      });
    expect((await list()).ruleExecutionDetails).toMatchObject([
      {
        pipelineExecutionId: id,
        pipelineVersion: 1,
        stageName: 'Test',
        ruleName: 'Check',
        status: 'Failed',
        input: {
          ruleTypeId: { category: 'Rule', owner: 'AWS', provider: 'VariableCheck', version: '1' },
          configuration: { Variable: '#{codepipeline.PipelineExecutionId}' },
          resolvedConfiguration: { Variable: id },
          region: 'us-east-1',
        },
        output: { executionResult: { errorDetails: { code: 'JobFailed' } } },
      },
    ]);
    expect(await refusal(list({ maxResults: 101 }))).toMatch(/^ValidationException/);
    expect(await refusal(list({ nextToken: 'x' }))).toMatch(/^InvalidNextTokenException/);
    const unknown = { filter: { pipelineExecutionId: '11111111-1111-1111-1111-111111111111' } };
    expect(await refusal(list(unknown))).toMatch(/^PipelineExecutionNotFoundException/);
  });

  it('[codepipeline.conditions.override-limit] is not overridden where too many executions are open', async () => {
    await create(cloud, pipeline(entry([check('no')]), { executionMode: 'PARALLEL' }));
    const failed = await start(cloud);
    await cloud.call('codepipeline', 'DisableStageTransition', {
      pipelineName: 'checkout',
      stageName: 'Test',
      transitionType: 'Inbound',
      reason: 'wait',
    });
    await start(cloud);
    await start(cloud);
    const place = { pipelineName: 'checkout', stageName: 'Test', pipelineExecutionId: failed };
    const override = cloud.call('codepipeline', 'OverrideStageCondition', { ...place, conditionType: 'BEFORE_ENTRY' });
    expect(await refusal(override)).toMatch(/^ConcurrentPipelineExecutionsLimitExceededException/);
  });
});

describe('a declaration', () => {
  const window = rule('DeploymentWindow', { Cron: '* * 9-17 ? * MON-FRI *' });
  const six = Array.from({ length: 6 }, (_, index) => check('yes', `Check${index}`));
  const twice = { beforeEntry: { conditions: [1, 2].map(() => ({ result: 'FAIL' as const, rules: [ask] })) } };
  it.each<[string, PipelineDeclaration, RegExp]>([
    ['[codepipeline.conditions.one] two conditions of a kind', pipeline(twice), /conditions.*less than or equal to 1/],
    ['[codepipeline.conditions.rule-count] six rules', pipeline(entry(six)), /rules.*less than or equal to 5/],
    ['[codepipeline.conditions.rule-count] no rule', pipeline(entry([])), /rules.*greater than or equal to 1/],
    [
      '[codepipeline.structure.v2-only] conditions in a pipeline of type V1',
      pipeline(entry([ask]), { pipelineType: 'V1' }),
      /^InvalidStructureException: Stage conditions can only be used with V2 pipelines/,
    ],
    [
      '[codepipeline.conditions.skip-rules] the result SKIP with a rule that cannot have it',
      pipeline(entry([window], 'SKIP')),
      /^InvalidStageDeclarationException.*DeploymentWindow; allowed: LambdaInvoke, VariableCheck/,
    ],
    [
      '[codepipeline.rules.bounds] a value of more than 10000 characters',
      pipeline(entry([check('x'.repeat(10_001))])),
      /configuration.*less than or equal to 10000/,
    ],
    [
      '[codepipeline.rules.bounds] a time of less than 5 minutes',
      pipeline(entry([{ ...ask, timeoutInMinutes: 4 }])),
      /timeoutInMinutes.*greater than or equal to 5/,
    ],
    [
      '[codepipeline.rules.bounds] another category',
      pipeline(entry([{ ...ask, ruleTypeId: { category: 'Test' as 'Rule', provider: 'LambdaInvoke' } }])),
      /category.*\[Rule\]/,
    ],
    [
      '[codepipeline.rules.regions] a rule in another region',
      pipeline(entry([{ ...ask, region: 'eu-west-1' }])),
      /^NotImplemented: a rule in another region/,
    ],
    [
      '[codepipeline.rules.references] a reference to a rule',
      pipeline(entry([check('#{rule.Other}')])),
      /^NotImplemented: a reference to a rule, of which no page says what it gives.*is not supported locally/,
    ],
    [
      '[codepipeline.rules.references] a reference to a rule in an action',
      pipeline({
        actions: [lambdaAction('Check', { configuration: { FunctionName: 'f', UserParameters: '#{rule.X}' } })],
      }),
      /^NotImplemented: a reference to a rule.*'#\{rule.X\}' in 'Check'/,
    ],
    [
      '[codepipeline.rules.configuration] commands for a rule that takes none',
      pipeline(entry([{ ...ask, commands: ['ls'] }])),
      /^InvalidStageDeclarationException: Rule 'Rule' has commands/,
    ],
    ['[codepipeline.rules.provider] the rule CodeBuild', pipeline(entry([rule('CodeBuild', {})])), /^NotImplemented/],
  ])('%s: is refused', async (_, declaration, why) => {
    expect(await refusal(create(cloud, declaration))).toMatch(why);
  });
});
