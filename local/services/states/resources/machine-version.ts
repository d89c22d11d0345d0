import type { JsonObject } from '../../../json.ts';
import type { ResourceType } from '../../../template/resource.ts';
import type { CloudContext } from '../../service-module.ts';
import { versionOperations } from '../operations/versions.ts';
import { callOperation } from './call-operation.ts';

/** `AWS::StepFunctions::StateMachineVersion`: another StateMachineRevisionId makes another version; `Ref` is its ARN. */
export function machineVersion(context: CloudContext): ResourceType {
  const operations = versionOperations(context);
  return {
    type: 'AWS::StepFunctions::StateMachineVersion',
    replacedBy: ['StateMachineArn', 'StateMachineRevisionId', 'Description'],
    async create({
      StateMachineArn: stateMachineArn = '',
      StateMachineRevisionId: revisionId,
      Description: description,
    }) {
      const input: JsonObject = {
        stateMachineArn,
        ...(revisionId !== undefined && { revisionId }),
        ...(description !== undefined && { description }),
      };
      const { stateMachineVersionArn: arn = '' } = await callOperation(operations.PublishStateMachineVersion, input);
      return { physicalId: arn, attributes: { Arn: arn } };
    },
    update: (current) => current,
    async delete(current) {
      await callOperation(operations.DeleteStateMachineVersion, { stateMachineVersionArn: current.physicalId });
    },
  };
}
