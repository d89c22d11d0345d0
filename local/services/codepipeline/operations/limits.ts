import { AwsError } from '../../../errors.ts';
import type { Engine } from '../engine/engine.ts';
import { countPipelines } from '../records/pipelines.ts';
import { openExecutions } from '../records/executions.ts';
import type { Structure } from '../structure/structure.ts';

/**
 * Makes sure that one more execution of a pipeline may be open: in the modes QUEUED and PARALLEL their number is limited.
 * @throws AwsError `ConcurrentPipelineExecutionsLimitExceededException`
 */
export function checkConcurrency({ context, options }: Engine, { name, executionMode }: Structure): void {
  if (executionMode === 'SUPERSEDED') return;
  const open = openExecutions(context.store, name).length;
  if (open < options.maxConcurrentExecutions) return;
  throw new AwsError(
    'ConcurrentPipelineExecutionsLimitExceededException',
    `Pipeline '${name}' has ${open} executions in progress; in the mode ${executionMode} the limit is ${options.maxConcurrentExecutions}`,
  );
}

/**
 * Makes sure that one more pipeline may be made in the region (User Guide, quotas).
 * @throws AwsError `LimitExceededException`
 */
export function checkPipelineCount({ context, options }: Engine): void {
  const count = countPipelines(context.store);
  if (count < options.maxPipelines) return;
  throw new AwsError(
    'LimitExceededException',
    `The account has ${count} pipelines in the region; the limit is ${options.maxPipelines}`,
  );
}
