import type { CodePipeline } from '@aws-sdk/client-codepipeline';
import type { Call, Operations } from '../../../gateway/service.ts';
import { traced } from '../engine/api-call-events.ts';
import type { Engine } from '../engine/engine.ts';

/**
 * The operations whose calls are told as events: those that change pipelines, their executions, or action types. The protocol
 * of jobs is left out, although CloudTrail has it: it would tell more often of itself than of changes.
 */
const changes = [
  'CreateCustomActionType',
  'CreatePipeline',
  'DeleteCustomActionType',
  'DeletePipeline',
  'DisableStageTransition',
  'EnableStageTransition',
  'OverrideStageCondition',
  'PutActionRevision',
  'PutApprovalResult',
  'RetryStageExecution',
  'RollbackStage',
  'StartPipelineExecution',
  'StopPipelineExecution',
  'TagResource',
  'UntagResource',
  'UpdatePipeline',
] as const satisfies readonly (keyof Operations<CodePipeline>)[];

type Handler = (input: object, call: Call) => object;

/** The same operations; those that change something tell of their calls. */
export function tellingOfChanges(engine: Engine, operations: Operations<CodePipeline>): Operations<CodePipeline> {
  const telling = changes.flatMap((operation) => {
    // Each of them is given the input of its own name, and answers an object at once.
    const handler = operations[operation] as Handler | undefined;
    if (!handler) return [];
    const told: Handler = (input, call) => traced(engine, { operation, input, call }, () => handler(input, call));
    return [[operation, told] as const];
  });
  return { ...operations, ...Object.fromEntries(telling) };
}
