import type { DueTimer } from '../../../clock/timers.ts';
import { findAction, type ActionRecord } from '../records/actions.ts';
import { executionOf } from '../records/executions.ts';
import { structureOf } from '../records/pipelines.ts';
import { ruleProvider } from '../rules/registry.ts';
import type { RuleOutcome, RuleProvider, RuleRun } from '../rules/rule.ts';
import type { Engine } from './engine.ts';
import { openJob } from './jobs.ts';
import { ruleOf } from './rule-of.ts';
import { endAction, orFail } from './run-action.ts';
import { workPrincipal } from './work-principal.ts';

/** Runs the rule that a timer is for, and takes its outcome in one transaction with the timer's end. */
export async function runRule(engine: Engine, id: string, timer: DueTimer): Promise<void> {
  const record = findAction(engine.context.store, id);
  if (record?.status !== 'InProgress') return;
  const { provider, run } = prepared(engine, record);
  const outcome = await orFail(timer, () => provider.evaluate(run));
  engine.context.store.transaction(() => {
    take(engine, record, outcome);
    timer.complete();
  });
}

/** Fails the rule whose time is over. */
export function timeOutRule(engine: Engine, id: string): void {
  const record = findAction(engine.context.store, id);
  if (record?.status !== 'InProgress') return;
  const error = { code: 'JobFailed', message: `Rule '${record.action}' has not ended in time` };
  endAction(engine, record, { status: 'Failed', output: { error }, jobStatus: 'TimedOut' });
}

function prepared(engine: Engine, record: ActionRecord): { provider: RuleProvider; run: RuleRun } {
  const { context } = engine;
  const structure = structureOf(context.store, record.pipeline, executionOf(context.store, record.execution).version);
  const rule = ruleOf(structure, record);
  const provider = ruleProvider(rule.type);
  if (!provider) throw new Error(`no provider for the rule ${rule.type.provider}`);
  const { pipeline } = record;
  const work = { pipeline, pipelineRoleArn: structure.roleArn, roleArn: rule.roleArn };
  const principal = workPrincipal(engine, work, 'codepipeline');
  const run: RuleRun = {
    configuration: record.input.resolvedConfiguration,
    nowMs: context.clock.nowMs(),
    startedMs: record.startedMs,
    call: async (service, operation, input) =>
      // The provider names the output type of the operation it calls.
      (await context.gateway.handle({ service, operation, input }, principal)) as never,
  };
  return { provider, run };
}

function take(engine: Engine, record: ActionRecord, outcome: RuleOutcome): void {
  const { clock, timers } = engine.context;
  switch (outcome.kind) {
    case 'succeeded':
      return endAction(engine, record, { status: 'Succeeded', output: { summary: outcome.summary } });
    case 'failed': {
      const { code, message } = outcome;
      return endAction(engine, record, { status: 'Failed', output: { error: { code, message } } });
    }
    case 'wait':
      timers.schedule('codepipeline.rule', { id: record.id }, { dueAtMs: clock.nowMs() + outcome.ms });
      return;
    case 'job':
      if (findAction(engine.context.store, record.id)?.status === 'InProgress') openJob(engine, record.id);
      return;
  }
}
