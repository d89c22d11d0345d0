import type { JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceType } from '../../../template/resource.ts';
import type { EventInvokeConfigs } from '../event-invoke-configs.ts';
import { readFunctionReference } from '../function-reference.ts';
import { required } from './required-property.ts';

/** `AWS::Lambda::EventInvokeConfig`: retries, age and destinations of asynchronous invocations. */
export function eventInvokeConfigResource(configs: EventInvokeConfigs): ResourceType {
  const put = (properties: JsonObject): Provisioned => {
    const { name } = readFunctionReference(required(properties, 'FunctionName'));
    const qualifier = required(properties, 'Qualifier');
    configs.put(name, qualifier, properties);
    return { physicalId: `${name}|${qualifier}`, attributes: {} };
  };
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    replacedBy: ['FunctionName', 'Qualifier'],
    create: put,
    update: (_current, properties) => put(properties),
    delete: ({ physicalId }) => {
      const [name = '', qualifier = ''] = physicalId.split('|');
      configs.delete(name, qualifier);
    },
  };
}
