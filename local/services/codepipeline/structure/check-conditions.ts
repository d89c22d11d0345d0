import type { Result } from '@aws-sdk/client-codepipeline';
import { invalidStage } from './refusals.ts';
import type { StageStructure, Structure } from './structure.ts';

/**
 * The rules of stage conditions (User Guide, "Configure conditions for a stage"): which results each kind may have, and
 * where a stage cannot be rolled back.
 * @throws AwsError `InvalidStageDeclarationException`
 */
export function checkConditions({ stages, executionMode }: Structure): void {
  for (const [index, stage] of stages.entries()) {
    checkResult(stage, 'onFailure', stage.onFailure?.result, ['ROLLBACK', 'RETRY']);
    if (!isRolledBack(stage)) continue;
    if (executionMode === 'PARALLEL') {
      throw invalidStage(
        `Stage '${stage.name}' has the result ROLLBACK, which the execution mode PARALLEL does not have`,
      );
    }
    if (index === 0) throw invalidStage(`Stage '${stage.name}' is the source stage, which cannot be rolled back`);
  }
}

function isRolledBack({ onSuccess, onFailure }: StageStructure): boolean {
  return [onSuccess?.result, onFailure?.result, onFailure?.condition?.result].includes('ROLLBACK');
}

function checkResult({ name }: StageStructure, kind: string, result: Result | undefined, allowed: Result[]): void {
  if (result === undefined || allowed.includes(result)) return;
  throw invalidStage(`Stage '${name}' has the ${kind} result ${result}; allowed: ${allowed.join(', ')}`);
}
