import {
  StartPipelineExecutionInput$,
  StopPipelineExecutionInput$,
  type CodePipeline,
  type StartPipelineExecutionInput,
  type StopPipelineExecutionInput,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../gateway/principal.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import { addStarted } from '../engine/add-started.ts';
import type { Engine } from '../engine/engine.ts';
import { stopExecution } from '../engine/stop.ts';
import { findByRequestToken, findExecution, type ExecutionRecord } from '../records/executions.ts';
import { currentStructure, knownPipeline } from './known.ts';
import { checkConcurrency } from './limits.ts';
import { sourceRevisionsOf, variablesOf } from './start-arguments.ts';

/** Starts and stops pipeline executions. */
export function startOperations(engine: Engine): Operations<CodePipeline> {
  return {
    StartPipelineExecution(input, { principal }) {
      return { pipelineExecutionId: startExecution(engine, input, triggerOf(principal)) };
    },
    StopPipelineExecution: (input) => ({ pipelineExecutionId: stop(engine, input) }),
  };
}

/** A rule of EventBridge starts a pipeline with its role; it, and not the call, is then what started the pipeline. */
function triggerOf(principal: Principal): ExecutionRecord['trigger'] {
  const service = principal.kind === 'role' ? principal.assumedBy : principal;
  if (service?.kind === 'service' && service.service === 'events.amazonaws.com' && service.sourceArn !== undefined) {
    return { type: 'CloudWatchEvent', detail: service.sourceArn };
  }
  return { type: 'StartPipelineExecution', detail: principal.arn };
}

/** Starts an execution, or finds the one that the same client request token has started; its id. */
export function startExecution(
  engine: Engine,
  input: StartPipelineExecutionInput,
  trigger: ExecutionRecord['trigger'],
): string {
  checkInput(StartPipelineExecutionInput$, input);
  const { store } = engine.context;
  const pipeline = knownPipeline(engine, input.name);
  const { clientRequestToken: requestToken } = input;
  const known = requestToken === undefined ? undefined : findByRequestToken(store, pipeline.name, requestToken);
  if (known) return known.id;
  const structure = currentStructure(engine, pipeline);
  checkConcurrency(engine, structure);
  return addStarted(engine, {
    pipeline: pipeline.name,
    version: pipeline.version,
    trigger,
    variables: variablesOf(structure, input.variables),
    sourceRevisions: sourceRevisionsOf(structure, engine.providers, input.sourceRevisions),
    ...(requestToken !== undefined && { requestToken }),
  });
}

function stop(engine: Engine, input: StopPipelineExecutionInput): string {
  checkInput(StopPipelineExecutionInput$, input);
  const { pipelineExecutionId: id = '', abandon = false, reason } = input;
  const pipeline = knownPipeline(engine, input.pipelineName);
  const execution = findExecution(engine.context.store, id);
  const isOpen = execution?.status === 'InProgress' || execution?.status === 'Stopping';
  if (execution?.pipeline !== pipeline.name || !isOpen) {
    throw new AwsError(
      'PipelineExecutionNotStoppableException',
      `Pipeline execution '${id}' of pipeline '${pipeline.name}' is not in progress`,
    );
  }
  if (execution.stop && (execution.stop.abandon || !abandon)) {
    throw new AwsError('DuplicatedStopRequestException', `Pipeline execution '${id}' is being stopped already`);
  }
  stopExecution(engine, execution, { abandon, ...(reason !== undefined && { reason }) });
  return id;
}
