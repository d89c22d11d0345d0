import { readFileSync } from 'node:fs';
import { LocalCloudError } from '../../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../../template/resource.ts';
import type { CloudContext } from '../../service-module.ts';
import { machineArn } from '../arns.ts';
import { findMachine } from '../machines.ts';
import { machineOperations } from '../operations/machines.ts';
import { callOperation } from './call-operation.ts';

/** `AWS::StepFunctions::StateMachine`: `Ref` is the ARN. */
export function stateMachine(context: CloudContext): ResourceType {
  const operations = machineOperations(context);
  const provisioned = (arn: string): Provisioned => {
    const machine = findMachine(context.store, arn);
    if (!machine) throw new LocalCloudError(`the state machine ${arn} is gone`);
    const revisionId = machine.revision.revisionId ?? 'INITIAL';
    return { physicalId: arn, attributes: { Arn: arn, Name: machine.name, StateMachineRevisionId: revisionId } };
  };
  const put = async (properties: JsonObject, resource: ResourceContext): Promise<Provisioned> => {
    const name = nameOf(properties, resource);
    const input = { definition: definitionText(properties, resource), ...inputOf(properties) };
    const arn = machineArn(context, name);
    if (findMachine(context.store, arn)) {
      await callOperation(operations.UpdateStateMachine, { stateMachineArn: arn, ...input });
    } else {
      const type = properties['StateMachineType'];
      await callOperation(operations.CreateStateMachine, { name, ...input, ...(type !== undefined && { type }) });
    }
    return provisioned(arn);
  };
  return {
    type: 'AWS::StepFunctions::StateMachine',
    replacedBy: ['StateMachineName', 'StateMachineType'],
    create: put,
    update: (_current, properties, resource) => put(properties, resource),
    async delete(current) {
      await callOperation(operations.DeleteStateMachine, { stateMachineArn: current.physicalId });
    },
  };
}

function nameOf(properties: JsonObject, resource: ResourceContext): string {
  const name = properties['StateMachineName'];
  return typeof name === 'string' ? name : resource.generateName(80);
}

function inputOf(properties: JsonObject): JsonObject {
  const { RoleArn: roleArn, LoggingConfiguration: logging, TracingConfiguration: tracing } = properties;
  return {
    ...(roleArn !== undefined && { roleArn }),
    ...(logging !== undefined && { loggingConfiguration: camelCased(logging) }),
    ...(tracing !== undefined && { tracingConfiguration: camelCased(tracing) }),
  };
}

function camelCased(value: Json): Json {
  if (Array.isArray(value)) return value.map(camelCased);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    return [key.slice(0, 1).toLowerCase() + key.slice(1), camelCased(item)] as const;
  });
  return Object.fromEntries(entries);
}

/** The definition in one of its three forms, with `${name}` replaced by the substitution of that name. */
function definitionText(properties: JsonObject, resource: ResourceContext): string {
  const { DefinitionString: text, Definition: object, DefinitionSubstitutions: substitutions = {} } = properties;
  const location = properties['DefinitionS3Location'];
  let definition: string;
  if (typeof text === 'string') definition = text;
  else if (isJsonObject(object ?? text)) definition = JSON.stringify(object ?? text);
  else if (isJsonObject(location)) definition = readAsset(location, resource);
  else
    throw new LocalCloudError(
      `${resource.logicalId} has neither DefinitionString, Definition nor DefinitionS3Location`,
    );
  return isJsonObject(substitutions) ? substitute(definition, substitutions) : definition;
}

function readAsset(location: JsonObject, resource: ResourceContext): string {
  const { Bucket: bucket, Key: key } = location;
  if (typeof bucket !== 'string' || typeof key !== 'string') {
    throw new LocalCloudError(`the DefinitionS3Location of ${resource.logicalId} needs a Bucket and a Key`);
  }
  return readFileSync(resource.assetPath(bucket, key), 'utf8');
}

/** The text stands inside JSON strings, so a value is escaped as one; numbers and booleans are written as they are. */
function substitute(definition: string, substitutions: JsonObject): string {
  return definition.replace(/\$\{([A-Za-z0-9_-]+)\}/g, (found, name: string) => {
    const value = substitutions[name];
    return value === undefined ? found : JSON.stringify(String(value)).slice(1, -1);
  });
}
