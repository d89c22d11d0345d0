import { LocalCloudError } from '../../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../../template/resource.ts';
import type { CloudContext } from '../../service-module.ts';
import { findAlias } from '../aliases.ts';
import { parseMachineArn } from '../arns.ts';
import { aliasOperations } from '../operations/aliases.ts';
import { callOperation } from './call-operation.ts';

/**
 * `AWS::StepFunctions::StateMachineAlias`: `Ref` is the ARN. A DeploymentPreference shifts all traffic at once, whatever
 * its type: locally nobody watches a gradual deployment of a state machine, and the report says so.
 */
export function machineAlias(context: CloudContext): ResourceType {
  const operations = aliasOperations(context);
  const put = async (properties: JsonObject, resource: ResourceContext): Promise<Provisioned> => {
    const routing = routingOf(properties, resource);
    const name = typeof properties['Name'] === 'string' ? properties['Name'] : resource.generateName(80);
    const [first] = routing;
    const arn = `${parseMachineArn(String(first?.['stateMachineVersionArn'])).machineArn}:${name}`;
    const description = properties['Description'];
    const input = { routingConfiguration: routing, ...(description !== undefined && { description }) };
    sayAtOnce(context, properties, resource);
    if (findAlias(context.store, arn)) {
      await callOperation(operations.UpdateStateMachineAlias, { stateMachineAliasArn: arn, ...input });
    } else {
      await callOperation(operations.CreateStateMachineAlias, { name, ...input });
    }
    return { physicalId: arn, attributes: { Arn: arn } };
  };
  return {
    type: 'AWS::StepFunctions::StateMachineAlias',
    replacedBy: ['Name'],
    create: put,
    update: (_current, properties, resource) => put(properties, resource),
    async delete(current) {
      await callOperation(operations.DeleteStateMachineAlias, { stateMachineAliasArn: current.physicalId });
    },
  };
}

function routingOf(properties: JsonObject, { logicalId }: ResourceContext): JsonObject[] {
  const { RoutingConfiguration: routing, DeploymentPreference: preference } = properties;
  if (Array.isArray(routing)) return routing.filter(isJsonObject).map(camelRoute);
  const version: Json | undefined = isJsonObject(preference) ? preference['StateMachineVersionArn'] : undefined;
  if (typeof version === 'string') return [{ stateMachineVersionArn: version, weight: 100 }];
  throw new LocalCloudError(`${logicalId} needs a RoutingConfiguration or a DeploymentPreference`);
}

function camelRoute({ StateMachineVersionArn: version = '', Weight: weight = 0 }: JsonObject): JsonObject {
  return { stateMachineVersionArn: version, weight: Number(weight) };
}

function sayAtOnce(
  context: CloudContext,
  { DeploymentPreference: preference }: JsonObject,
  { logicalId }: ResourceContext,
): void {
  const type = isJsonObject(preference) ? preference['Type'] : undefined;
  if (type === undefined || type === 'ALL_AT_ONCE') return;
  context.report(`${logicalId}: the deployment preference ${String(type)} shifts all at once locally`);
}
