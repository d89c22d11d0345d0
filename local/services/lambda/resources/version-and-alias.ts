import * as z from 'zod';
import type { JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceType } from '../../../template/resource.ts';
import { checkAlias } from '../check-alias.ts';
import { invalidParameter, readFunctionReference } from '../function-reference.ts';
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

const routingSchema = z.object({
  AdditionalVersionWeights: z
    .array(z.object({ FunctionVersion: z.coerce.string(), FunctionWeight: z.coerce.number() }))
    .default([]),
});

/** `AWS::Lambda::Alias`: a name for one version, or for two with weights. */
export function aliasResource(functions: FunctionStore): ResourceType {
  const put = (properties: JsonObject): Provisioned => {
    const { name } = readFunctionReference(required(properties, 'FunctionName'));
    const alias = required(properties, 'Name');
    const description = typeof properties['Description'] === 'string' ? properties['Description'] : '';
    const version = required(properties, 'FunctionVersion');
    const made = { functionName: name, alias, version, description, weights: readWeights(properties) };
    checkAlias(made, functions);
    functions.putAlias(made);
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
      functions.aliases.delete(name, qualifier);
    },
  };
}

function readWeights({ RoutingConfig = {} }: JsonObject): Record<string, number> {
  const read = routingSchema.safeParse(RoutingConfig);
  if (!read.success) throw invalidParameter(`RoutingConfig: ${z.prettifyError(read.error)}`);
  const weights = read.data.AdditionalVersionWeights;
  return Object.fromEntries(weights.map(({ FunctionVersion, FunctionWeight }) => [FunctionVersion, FunctionWeight]));
}
