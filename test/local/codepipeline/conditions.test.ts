import { readdirSync } from 'node:fs';
import type { Condition, PipelineDeclaration, RuleDeclaration, StageDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gate, type ConditionSituation } from '../../../local/services/codepipeline/engine/gate.ts';
import { ruleProviders } from '../../../local/services/codepipeline/rules/registry.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  catchJobs,
  create,
  execution,
  fail,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  putSource,
  refusal,
  start,
  state,
  succeed,
  told,
  type JobEvent,
} from './fixture.ts';

let cloud: TestCloud;
let jobs: JobEvent[];
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

function rule(provider: string, configuration: Record<string, string>, name = 'Rule'): RuleDeclaration {
  return { name, ruleTypeId: { category: 'Rule', owner: 'AWS', provider, version: '1' }, configuration };
}

/** A check that the pipeline's variable `go` is `yes`. */
const isGo = rule('VariableCheck', { Variable: '#{variables.go}', Value: 'yes', Operator: 'EQ' });

function pipeline(conditions: Partial<StageDeclaration>): PipelineDeclaration {
  const declaration = pipelineOf(
    { Test: [lambdaAction('Check')] },
    { variables: [{ name: 'go', defaultValue: 'no' }] },
  );
  const [source, test] = declaration.stages ?? [];
  return { ...declaration, stages: [source!, { ...test!, ...conditions }] };
}

const entry = (result: Condition['result'], ...rules: RuleDeclaration[]): Partial<StageDeclaration> => ({
  beforeEntry: { conditions: [{ ...(result && { result }), rules }] },
});
const go = { variables: [{ name: 'go', value: 'yes' }] };

async function override(pipelineExecutionId: string, conditionType = 'BEFORE_ENTRY'): Promise<void> {
  const place = { pipelineName: 'checkout', stageName: 'Test', pipelineExecutionId, conditionType };
  await cloud.call('codepipeline', 'OverrideStageCondition', place);
  await cloud.timers.settled();
}

async function status(id: string): Promise<string | undefined> {
  return (await execution(cloud, id)).status;
}

describe('gate', () => {
  it.each<[ConditionSituation | undefined, string, string]>([
    [undefined, 'pass', 'pass'],
    [{ status: 'Succeeded' }, 'pass', 'pass'],
    [{ status: 'Overridden' }, 'pass', 'pass'],
    [{ status: 'Due' }, 'evaluate', 'end'],
    [{ status: 'InProgress' }, 'wait', 'wait'],
    [{ status: 'Failed', result: 'FAIL' }, 'fail', 'fail'],
    [{ status: 'Failed' }, 'wait', 'end'],
    [{ status: 'Errored', result: 'FAIL' }, 'fail', 'fail'],
    [{ status: 'Errored' }, 'wait', 'end'],
    [{ status: 'Abandoned' }, 'end', 'end'],
    [{ status: 'Cancelled' }, 'end', 'end'],
  ])(
    '[codepipeline.conditions.statuses] makes of %o: %s, and %s while it is being stopped',
    (condition, running, stopping) => {
      expect([gate(condition, false), gate(condition, true)]).toEqual([running, stopping]);
    },
  );
});

describe('a condition before entry', () => {
  it('[codepipeline.conditions.entry-met] lets an execution in when every rule succeeds', async () => {
    await create(cloud, pipeline(entry('FAIL', isGo)));
    const id = await start(cloud, go);
    expect(jobs).toHaveLength(1);
    await succeed(cloud, jobs[0]);
    expect(await status(id)).toBe('Succeeded');
    expect((await state(cloud)).stageStates?.[1]?.beforeEntryConditionState).toMatchObject({
      latestExecution: { status: 'Succeeded' },
      conditionStates: [{ ruleStates: [{ ruleName: 'Rule', latestExecution: { status: 'Succeeded' } }] }],
    });
  });

  it('[codepipeline.conditions.entry-fail] fails the stage when one rule fails', async () => {
    const other = rule('VariableCheck', { Variable: 'a', Value: 'a', Operator: 'EQ' }, 'Other');
    await create(cloud, pipeline(entry('FAIL', other, isGo)));
    expect(await status(await start(cloud))).toBe('Failed');
    expect(jobs).toEqual([]);
  });

  it('[codepipeline.conditions.entry-skip] skips the stage, and the execution goes on', async () => {
    await create(cloud, pipeline(entry('SKIP', isGo)));
    const id = await start(cloud);
    expect(await status(id)).toBe('Succeeded');
    expect((await state(cloud)).stageStates?.[1]?.latestExecution).toMatchObject({ status: 'Skipped' });
    expect(await refusal(override(id))).toMatch(/^ConditionNotOverridableException/);
  });

  it('[codepipeline.conditions.override] [codepipeline.conditions.held] lets an execution in that it failed or holds', async () => {
    await create(cloud, pipeline(entry('FAIL', isGo)));
    const failed = await start(cloud);
    const before = cloud.delivered.length;
    await override(failed);
    expect(told(cloud.delivered.slice(before))).toEqual([
      'pipeline RESUMED',
      'stage Test RESUMED',
      'action Test/Check STARTED',
    ]);
    await succeed(cloud, jobs[0]);
    expect(await status(failed)).toBe('Succeeded');
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline: pipeline(entry(undefined, isGo)) });
    const held = await start(cloud);
    expect(await status(held)).toBe('InProgress');
    await override(held);
    expect((await state(cloud)).stageStates?.[1]?.beforeEntryConditionState?.latestExecution?.status).toBe(
      'Overridden',
    );
    expect(await refusal(override(held, 'ON_SUCCESS'))).toMatch(/^ConditionNotOverridableException/);
    expect(await refusal(override(held, 'ON_FAILURE'))).toMatch(/^ValidationException.*conditionType/);
  });

  it('[codepipeline.conditions.override-latest] is not overridden once another execution has entered', async () => {
    await create(cloud, pipeline(entry('FAIL', isGo)));
    const id = await start(cloud);
    await start(cloud, go);
    expect(await refusal(override(id))).toMatch(/^NotLatestPipelineExecutionException/);
  });
});

describe('a condition on success or failure', () => {
  it('[codepipeline.conditions.success-fail] fails a stage whose actions have all succeeded', async () => {
    await create(cloud, pipeline({ onSuccess: { conditions: [{ result: 'FAIL', rules: [isGo] }] } }));
    const id = await start(cloud);
    await succeed(cloud, jobs[0]);
    expect(await status(id)).toBe('Failed');
    await override(id, 'ON_SUCCESS');
    expect(await status(id)).toBe('Succeeded');
  });

  it('[codepipeline.conditions.success-rollback] rolls the stage back', async () => {
    await create(cloud, pipeline({ onSuccess: { conditions: [{ result: 'ROLLBACK', rules: [isGo] }] } }));
    await start(cloud, go);
    await succeed(cloud, jobs[0]);
    const id = await start(cloud);
    await succeed(cloud, jobs[1]);
    expect(await status(id)).toBe('Failed');
    expect(jobs).toHaveLength(3);
  });

  it('[codepipeline.conditions.failure-rollback] applies the failure condition’s result when its rule fails', async () => {
    await create(cloud, pipeline({ onFailure: { conditions: [{ result: 'ROLLBACK', rules: [isGo] }] } }));
    await start(cloud, go);
    await succeed(cloud, jobs[0]);
    await start(cloud, go);
    await fail(cloud, jobs[1]);
    expect(jobs).toHaveLength(2);
    await start(cloud);
    await fail(cloud, jobs[2]);
    expect(jobs).toHaveLength(4);
  });
});

describe('a failure condition', () => {
  it('[codepipeline.conditions.failure-retry] retries the stage when its result is RETRY and its rule fails', async () => {
    await create(cloud, pipeline({ onFailure: { conditions: [{ result: 'RETRY', rules: [isGo] }] } }));
    const id = await start(cloud);
    await fail(cloud, jobs[0]);
    expect(jobs).toHaveLength(2);
    await succeed(cloud, jobs[1]);
    expect(await status(id)).toBe('Succeeded');
  });
});

describe('a rule', () => {
  it.each<[string, Record<string, string>, string]>([
    ['EQ', { Variable: 'a', Value: 'a' }, 'Succeeded'],
    ['NE', { Variable: 'a', Value: 'a' }, 'Failed'],
    ['CONTAINS', { Variable: 'abc', Value: 'b' }, 'Succeeded'],
    ['MATCHES', { Variable: 'abc', Value: 'a.' }, 'Failed'],
    ['MATCHES', { Variable: 'abc', Value: 'a.*' }, 'Succeeded'],
    ['EQ', { Variable: '#{Nobody.x}', Value: 'a' }, 'Failed'],
  ])('[codepipeline.rules.variable-check] compares by %s: %o', async (Operator, configuration, expected) => {
    await create(cloud, pipeline(entry('FAIL', rule('VariableCheck', { ...configuration, Operator }))));
    const id = await start(cloud);
    const { ruleExecutionDetails } = await cloud.call('codepipeline', 'ListRuleExecutions', {
      pipelineName: 'checkout',
      filter: { pipelineExecutionId: id },
    });
    expect(ruleExecutionDetails).toMatchObject([{ ruleName: 'Rule', stageName: 'Test', status: expected }]);
  });

  // The tests' clock stands at 09:00 UTC on a Monday.
  it.each([
    ['* * 9-17 ? * MON-FRI *', 'UTC', 1],
    ['* * 9-17 ? * MON-FRI', 'America/New_York', 0],
    ['* * 10-17 ? * *', 'Europe/Berlin', 1],
    ['* * * ? * SAT', 'UTC', 0],
  ])('[codepipeline.rules.deployment-window] is open at %s in %s: %i', async (Cron, TimeZone, started) => {
    await create(cloud, pipeline(entry('FAIL', rule('DeploymentWindow', { Cron, TimeZone }))));
    await start(cloud);
    expect(jobs).toHaveLength(started);
  });

  it('[codepipeline.rules.lambda-invoke] is ended by the result of a job', async () => {
    await create(cloud, pipeline(entry('FAIL', rule('LambdaInvoke', { FunctionName: 'gate' }))));
    const id = await start(cloud);
    expect(jobs[0]?.data.actionConfiguration.configuration).toEqual({ FunctionName: 'gate' });
    cloud = await cloud.restart();
    const later = catchJobs(cloud);
    await succeed(cloud, jobs[0]);
    expect(later).toHaveLength(1);
    const next = await start(cloud);
    await succeed(cloud, later[0]);
    await fail(cloud, later[1]);
    expect([await status(id), await status(next)]).toEqual(['Succeeded', 'Failed']);
  });

  it('[codepipeline.rules.alarm] waits for the wanted state of an alarm, and fails after the wait time', async () => {
    let StateValue = 'ALARM';
    cloud.answer('monitoring', 'DescribeAlarms', () => ({ MetricAlarms: [{ StateValue }] }));
    await create(cloud, pipeline(entry('FAIL', rule('CloudWatchAlarm', { AlarmName: 'errors', WaitTime: '2' }))));
    const bad = await start(cloud);
    await cloud.advance(119_000);
    expect(await status(bad)).toBe('InProgress');
    await cloud.advance(1_000);
    expect(await status(bad)).toBe('Failed');
    await start(cloud);
    StateValue = 'OK';
    await cloud.advance(30_000);
    expect(jobs).toHaveLength(1);
  });

  it('[codepipeline.rules.alarm-unreadable] fails with the reason where alarms cannot be read', async () => {
    await create(cloud, pipeline(entry('FAIL', rule('CloudWatchAlarm', { AlarmName: 'errors' }))));
    expect(await status(await start(cloud))).toBe('Failed');
    const states = (await state(cloud)).stageStates?.[1]?.beforeEntryConditionState?.conditionStates;
    expect(states?.[0]?.ruleStates?.[0]?.latestExecution?.errorDetails?.message).toMatch(
      /errors cannot be read.*monitoring/,
    );
  });

  it('[codepipeline.rules.types] is listed as a type when it has a file', async () => {
    const folder = new URL('../../../local/services/codepipeline/rules/', import.meta.url);
    const files = readdirSync(folder).filter((file) => !['registry.ts', 'rule.ts'].includes(file));
    expect(files).toHaveLength(ruleProviders.length);
    const { ruleTypes } = await cloud.call<{ ruleTypes: unknown[] }>('codepipeline', 'ListRuleTypes', {});
    expect(ruleTypes).toHaveLength(ruleProviders.length);
  });

  it.each<[string, Partial<StageDeclaration>, RegExp]>([
    [
      '[codepipeline.conditions.results] entry result ROLLBACK',
      entry('ROLLBACK', isGo),
      /^InvalidStage.*allowed: FAIL, SKIP/,
    ],
    [
      '[codepipeline.rules.provider] unknown provider',
      entry('FAIL', rule('Commands', {})),
      /^NotImplemented: the rule provider Commands/,
    ],
    [
      '[codepipeline.rules.configuration] missing key',
      entry('FAIL', rule('LambdaInvoke', {})),
      /required configuration 'FunctionName'/,
    ],
    [
      '[codepipeline.rules.configuration] unknown key',
      entry('FAIL', rule('LambdaInvoke', { FunctionName: 'f', X: 'x' })),
      /unknown configuration 'X'/,
    ],
    [
      '[codepipeline.rules.configuration] bad cron',
      entry('FAIL', rule('DeploymentWindow', { Cron: '0 9 * * *' })),
      /cron expression/,
    ],
    ['[codepipeline.conditions.rule-names] rule twice', entry('FAIL', isGo, isGo), /'Rule' is used more than once/],
  ])('%s: is refused at creation', async (_, conditions, why) => {
    expect(await refusal(create(cloud, pipeline(conditions)))).toMatch(why);
  });
});
