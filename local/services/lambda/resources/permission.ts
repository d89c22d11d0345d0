import type { JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceType } from '../../../template/resource.ts';
import type { FunctionPolicies } from '../function-policies.ts';
import { readFunctionReference } from '../function-reference.ts';
import { required } from './required-property.ts';

/** `AWS::Lambda::Permission`: one statement of a function's policy, readable by GetPolicy. */
export function permissionResource(policies: FunctionPolicies): ResourceType {
  const put = (id: string, properties: JsonObject): Provisioned => {
    const { name, qualifier } = readFunctionReference(required(properties, 'FunctionName'));
    required(properties, 'Principal');
    policies.put(id, name, qualifier, properties);
    return { physicalId: id, attributes: { Id: id } };
  };
  return {
    type: 'AWS::Lambda::Permission',
    replacedBy: [
      'Action',
      'FunctionName',
      'Principal',
      'SourceArn',
      'SourceAccount',
      'EventSourceToken',
      'FunctionUrlAuthType',
      'PrincipalOrgID',
    ],
    create: (properties, context) => put(context.generateName(100), properties),
    update: (current, properties) => put(current.physicalId, properties),
    delete: ({ physicalId }) => policies.delete(physicalId),
  };
}
