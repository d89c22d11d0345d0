import {
  ListRuleExecutionsInput$,
  ListRuleTypesInput$,
  OverrideStageConditionInput$,
  type CodePipeline,
  type OverrideStageConditionInput,
  type RuleExecutionDetail,
  type RuleTypeId,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import { abandonRules, conditionOf, conditionStatus } from '../engine/conditions.ts';
import type { Engine } from '../engine/engine.ts';
import { resumeExecution } from '../engine/retry.ts';
import { ruleOf } from '../engine/rule-of.ts';
import { settle } from '../engine/settle.ts';
import type { ActionRecord } from '../records/actions.ts';
import { executionOf, findExecution, historyStartMs } from '../records/executions.ts';
import { structureOf } from '../records/pipelines.ts';
import { putOverride, rulesOfPipeline } from '../records/rules.ts';
import { latestInStage, setStageStatus } from '../records/stages.ts';
import { ruleProviders } from '../rules/registry.ts';
import { currentStructure, knownExecution, knownPipeline, knownStage } from './known.ts';
import { checkConcurrency } from './limits.ts';
import { cutPage, readPosition } from './paging.ts';

/** Overrides conditions of stages, and tells of their rules. */
export function conditionOperations(engine: Engine): Operations<CodePipeline> {
  return {
    OverrideStageCondition(input) {
      checkInput(OverrideStageConditionInput$, input);
      override(engine, input);
      return {};
    },
    ListRuleExecutions(input) {
      checkInput(ListRuleExecutionsInput$, input);
      const { name } = knownPipeline(engine, input.pipelineName);
      const { pipelineExecutionId, latestInPipelineExecution } = input.filter ?? {};
      const wanted = pipelineExecutionId ?? latestInPipelineExecution?.pipelineExecutionId;
      if (wanted !== undefined) knownExecution(engine, name, wanted);
      const before = readPosition(input.nextToken, 'number') ?? Number.MAX_SAFE_INTEGER;
      const oldest = historyStartMs(engine.context.clock.nowMs());
      const isLatest = latestInPipelineExecution?.startTimeRange === 'Latest';
      const found = rulesOfPipeline(engine.context.store, name).filter(
        ({ execution, sequence, isRetried, startedMs }) =>
          startedMs >= oldest &&
          (wanted === undefined || execution === wanted) &&
          sequence < before &&
          !(isLatest && isRetried),
      );
      const { items, nextToken } = cutPage(found, input.maxResults ?? 100, ({ sequence }) => sequence);
      return {
        ruleExecutionDetails: items.map((record) => describeRule(engine, record)),
        ...(nextToken && { nextToken }),
      };
    },
    ListRuleTypes(input) {
      checkInput(ListRuleTypesInput$, input);
      const ruleTypes = ruleProviders.map(({ type, configuration }) => ({
        id: type as RuleTypeId, // The registry's types are all of the category Rule and the owner AWS.
        ruleConfigurationProperties: Object.entries(configuration).map(([name, need]) => {
          return { name, required: need === 'required', key: true, secret: false };
        }),
        inputArtifactDetails: { minimumCount: 0, maximumCount: 5 },
      }));
      return { ruleTypes };
    },
  };
}

/** An execution that the condition has ended goes on; one that it holds passes. */
function override(engine: Engine, input: OverrideStageConditionInput): void {
  const { store, clock } = engine.context;
  const pipeline = knownPipeline(engine, input.pipelineName);
  const structure = currentStructure(engine, pipeline);
  const stage = knownStage(structure, input.stageName);
  const kind = input.conditionType === 'ON_SUCCESS' ? 'onSuccess' : 'beforeEntry';
  const execution = findExecution(store, input.pipelineExecutionId ?? '');
  if (
    execution?.pipeline !== pipeline.name ||
    execution.version !== pipeline.version ||
    execution.stage !== stage.name
  ) {
    throw notOverridable(`Pipeline execution '${input.pipelineExecutionId}' is not at stage '${stage.name}'`);
  }
  const last = latestInStage(store, pipeline.name, stage.name)?.execution;
  if (structure.executionMode !== 'PARALLEL' && last !== execution.id) {
    const message = `Pipeline execution '${execution.id}' is not the latest in stage '${stage.name}'; the latest is '${last}'`;
    throw new AwsError('NotLatestPipelineExecutionException', message);
  }
  const at = { execution: execution.id, stage: stage.name, condition: kind } as const;
  const status = conditionStatus(store, { execution: execution.id, stage: stage.name, kind });
  const hasFailed = status === 'Failed' || status === 'Errored';
  const isSkipped = hasFailed && conditionOf(stage, kind)?.result === 'SKIP';
  if ((status !== 'InProgress' && !hasFailed) || isSkipped || execution.status === 'Stopping') {
    throw notOverridable(
      `The condition ${input.conditionType} of stage '${stage.name}' is ${isSkipped ? 'skipped' : status}`,
    );
  }
  const hasEnded = execution.status !== 'InProgress';
  if (hasEnded) checkConcurrency(engine, structure);
  store.transaction(() => {
    putOverride(store, at, clock.nowMs());
    abandonRules(engine, execution.id, stage.name);
    if (hasEnded) {
      setStageStatus(store, at, 'InProgress', clock.nowMs());
      resumeExecution(engine, execution, stage.name);
    }
    settle(engine, execution.id);
  });
}

function describeRule({ context }: Engine, record: ActionRecord): RuleExecutionDetail {
  const { store } = context;
  const { version } = executionOf(store, record.execution);
  const rule = ruleOf(structureOf(store, record.pipeline, version), record);
  const { summary, error } = record.output;
  return {
    pipelineExecutionId: record.execution,
    ruleExecutionId: record.id,
    pipelineVersion: version,
    stageName: record.stage,
    ruleName: record.action,
    startTime: new Date(record.startedMs),
    lastUpdateTime: new Date(record.updatedMs),
    ...(record.status !== 'NotRun' && { status: record.status }),
    input: {
      ruleTypeId: rule.type as RuleTypeId, // The declaration's category and owner passed the check of their enumerations.
      configuration: { ...rule.configuration },
      resolvedConfiguration: { ...record.input.resolvedConfiguration },
      ...(rule.roleArn !== undefined && { roleArn: rule.roleArn }),
      region: rule.region ?? context.region,
      inputArtifacts: record.input.inputArtifacts.map(({ name, bucket, key }) => ({
        name,
        s3location: { bucket, key },
      })),
    },
    output: {
      executionResult: {
        ...(summary !== undefined && { externalExecutionSummary: summary }),
        ...(error && { errorDetails: error }),
      },
    },
  };
}

function notOverridable(message: string): AwsError {
  return new AwsError('ConditionNotOverridableException', message);
}
