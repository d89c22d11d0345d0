import { notSupportedLocally } from '../../../errors.ts';
import type { JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceType } from '../../../template/resource.ts';
import { readFunctionReference } from '../function-reference.ts';
import type { FunctionStore } from '../function-store.ts';
import { required } from './required-property.ts';

/** `AWS::Lambda::Version`: `$LATEST` frozen under the next number. */
export function versionResource(functions: FunctionStore): ResourceType {
  return {
    type: 'AWS::Lambda::Version',
    replacedBy: ['FunctionName', 'Description', 'CodeSha256'],
    create: (properties, context) => {
      const { name } = readFunctionReference(required(properties, 'FunctionName'));
      const { functionArn, version } = functions.publish(name, `${context.stackName}/${context.logicalId}`);
      const arn = `${functionArn}:${version}`;
      return { physicalId: arn, attributes: { Version: version, FunctionArn: arn } };
    },
    update: (current) => current,
    delete: ({ physicalId }) => {
      const { name, qualifier = '' } = readFunctionReference(physicalId);
      functions.deleteVersion(name, qualifier);
    },
  };
}

/** `AWS::Lambda::Alias`: a name for one version; weights between two versions are refused. */
export function aliasResource(functions: FunctionStore): ResourceType {
  const put = (properties: JsonObject): Provisioned => {
    if (properties['RoutingConfig'] !== undefined) throw notSupportedLocally('RoutingConfig of an AWS::Lambda::Alias');
    const { name } = readFunctionReference(required(properties, 'FunctionName'));
    const alias = required(properties, 'Name');
    functions.putAlias(name, alias, required(properties, 'FunctionVersion'));
    const arn = functions.resolve({ name, qualifier: alias }).invokedArn;
    return { physicalId: arn, attributes: { AliasArn: arn } };
  };
  return {
    type: 'AWS::Lambda::Alias',
    replacedBy: ['FunctionName', 'Name'],
    create: put,
    update: (_current, properties) => put(properties),
    delete: ({ physicalId }) => {
      const { name, qualifier = '' } = readFunctionReference(physicalId);
      functions.deleteAlias(name, qualifier);
    },
  };
}
