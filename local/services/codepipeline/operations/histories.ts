import {
  GetPipelineExecutionInput$,
  ListActionExecutionsInput$,
  ListPipelineExecutionsInput$,
  type ActionExecutionFilter,
  type CodePipeline,
} from '@aws-sdk/client-codepipeline';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { actionsOfExecution, actionsOfPipeline, type ActionRecord } from '../records/actions.ts';
import { executionsBefore, historyStartMs } from '../records/executions.ts';
import { succeededInStage } from '../records/stages.ts';
import { describeAction } from './action-detail.ts';
import { describeExecution, summarizeExecution } from './execution-detail.ts';
import { knownExecution, knownPipeline } from './known.ts';
import { cutPage, readPosition } from './paging.ts';

/** Tells what has run. Lists are newest first. */
export function historyOperations(engine: Engine): Operations<CodePipeline> {
  const { store, clock } = engine.context;
  return {
    GetPipelineExecution(input) {
      checkInput(GetPipelineExecutionInput$, input);
      const execution = knownExecution(engine, input.pipelineName, input.pipelineExecutionId);
      return { pipelineExecution: describeExecution(engine, execution) };
    },
    ListPipelineExecutions(input) {
      checkInput(ListPipelineExecutionsInput$, input);
      const { name, version: current } = knownPipeline(engine, input.pipelineName);
      const before = readPosition(input.nextToken, 'number') ?? Number.MAX_SAFE_INTEGER;
      const oldest = historyStartMs(clock.nowMs());
      const stage = input.filter?.succeededInStage?.stageName;
      const succeeded = stage === undefined ? undefined : succeededInStage(store, name, stage);
      const found = executionsBefore(store, name, before).filter(
        ({ id, startedMs, version }) =>
          startedMs >= oldest && (!succeeded || (succeeded.has(id) && version === current)),
      );
      const { items, nextToken } = cutPage(found, input.maxResults ?? 100, (execution) => execution.sequence);
      const pipelineExecutionSummaries = items.map((execution) => summarizeExecution(engine, execution));
      return { pipelineExecutionSummaries, ...(nextToken && { nextToken }) };
    },
    ListActionExecutions(input) {
      checkInput(ListActionExecutionsInput$, input);
      const { name } = knownPipeline(engine, input.pipelineName);
      const before = readPosition(input.nextToken, 'number') ?? Number.MAX_SAFE_INTEGER;
      const recorded = recordedActions(engine, name, input.filter ?? {});
      const oldest = historyStartMs(clock.nowMs());
      const found = recorded.filter(({ sequence, startedMs }) => sequence < before && startedMs >= oldest);
      const { items, nextToken } = cutPage(found, input.maxResults ?? 100, (record) => record.sequence);
      return {
        actionExecutionDetails: items.map((record) => describeAction(engine, record)),
        ...(nextToken && { nextToken }),
      };
    },
  };
}

/** The action executions that a filter wants, newest first. */
function recordedActions(engine: Engine, pipeline: string, filter: ActionExecutionFilter): ActionRecord[] {
  const { latestInPipelineExecution: latest } = filter;
  const execution = filter.pipelineExecutionId ?? latest?.pipelineExecutionId;
  if (execution === undefined) return actionsOfPipeline(engine.context.store, pipeline);
  const { id } = knownExecution(engine, pipeline, execution);
  const ofExecution = actionsOfExecution(engine.context.store, id).toReversed();
  return latest?.startTimeRange === 'Latest' ? newestOfEach(ofExecution) : ofExecution;
}

function newestOfEach(newestFirst: readonly ActionRecord[]): ActionRecord[] {
  const seen = new Set<string>();
  return newestFirst.filter(({ stage, action }) => {
    const key = `${stage}/${action}`;
    return !seen.has(key) && seen.add(key);
  });
}
