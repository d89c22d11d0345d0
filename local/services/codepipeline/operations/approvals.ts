import { PutApprovalResultInput$, type CodePipeline, type PutApprovalResultInput } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { endAction } from '../engine/run-action.ts';
import { findByToken, type ActionRecord } from '../records/actions.ts';
import { currentStructure, knownPipeline } from './known.ts';

/** Takes people's answers to manual approvals, each once. */
export function approvalOperations(engine: Engine): Operations<CodePipeline> {
  return {
    PutApprovalResult(input, { principal }) {
      checkInput(PutApprovalResultInput$, input);
      const record = openApproval(engine, input);
      const { status, summary = '' } = input.result ?? {};
      const answer = { summary, updatedBy: principal.arn };
      if (status === 'Approved') {
        endAction(engine, record, { status: 'Succeeded', output: answer });
      } else {
        const message = summary === '' ? `Rejected by ${principal.arn}` : summary;
        endAction(engine, record, { status: 'Failed', output: { ...answer, error: { code: 'JobFailed', message } } });
      }
      return { approvedAt: new Date(engine.context.clock.nowMs()) };
    },
  };
}

function openApproval(engine: Engine, input: PutApprovalResultInput): ActionRecord {
  const { pipelineName, stageName, actionName, token = '' } = input;
  checkPlace(engine, input);
  const record = findByToken(engine.context.store, token);
  const isHere = record?.pipeline === pipelineName && record?.stage === stageName && record?.action === actionName;
  if (record && isHere && record.output.updatedBy !== undefined) {
    throw new AwsError(
      'ApprovalAlreadyCompletedException',
      'The approval action has already been approved or rejected',
    );
  }
  if (record && isHere && record.status === 'InProgress') return record;
  throw new AwsError(
    'InvalidApprovalTokenException',
    'The approval token is not valid: the request already received a response, has expired, or never was',
  );
}

function checkPlace(engine: Engine, { pipelineName, stageName, actionName }: PutApprovalResultInput): void {
  const { stages } = currentStructure(engine, knownPipeline(engine, pipelineName));
  const stage = stages.find(({ name }) => name === stageName);
  if (!stage) throw new AwsError('StageNotFoundException', `Pipeline '${pipelineName}' has no stage '${stageName}'`);
  if (stage.actions.some(({ name }) => name === actionName)) return;
  throw new AwsError(
    'ActionNotFoundException',
    `Stage '${stageName}' of pipeline '${pipelineName}' has no action '${actionName}'`,
  );
}
