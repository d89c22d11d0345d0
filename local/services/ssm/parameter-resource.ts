import type { PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { Provisioned, ResourceType } from '../../template/resource.ts';
import type { CloudContext } from '../service-module.ts';
import { validation } from './errors.ts';
import type { Parameters, ParameterVersion } from './parameters.ts';
import { putParameter } from './put-parameter.ts';

const known = new Set([
  'Name',
  'Type',
  'Value',
  'Description',
  'Tier',
  'AllowedPattern',
  'DataType',
  'Policies',
  'Tags',
]);

/** `AWS::SSM::Parameter`: `Ref` is the parameter's name. A template that changes nothing makes no new version. */
export function parameterResource(context: CloudContext, parameters: Parameters): ResourceType {
  const { store, clock } = context;
  const apply = (name: string, properties: JsonObject): Provisioned => {
    const input = readProperties(name, properties);
    const current = parameters.find(name);
    const isNew = !current || !isSame(current, input);
    const version = isNew
      ? putParameter(parameters, { ...input, Overwrite: current !== undefined }, provisioner(clock.nowMs()))
      : current;
    parameters.saveTags(name, readTags(properties['Tags']));
    return { physicalId: name, attributes: { Type: version.type, Value: version.value } };
  };
  return {
    type: 'AWS::SSM::Parameter',
    replacedBy: ['Name'],
    create(properties, { logicalId, stackId, generateName }) {
      const { Name: asked } = properties;
      const name = typeof asked === 'string' ? asked : `CFN-${generateName(120)}`;
      const owner = `${stackId}/${logicalId}`;
      return store.transaction(() => {
        if (parameters.find(name) && parameters.owner(name) !== owner) throw alreadyExists(logicalId, name);
        const provisioned = apply(name, properties);
        parameters.saveOwner(name, owner);
        return provisioned;
      });
    },
    update: (current, properties) => store.transaction(() => apply(current.physicalId, properties)),
    delete(current) {
      store.transaction(() => parameters.remove(current.physicalId));
    },
  };
}

function provisioner(atMs: number): { atMs: number; by: string } {
  return { atMs, by: 'cloudformation.amazonaws.com' };
}

function readProperties(name: string, properties: JsonObject): PutParameterCommandInput {
  const unknown = Object.keys(properties).find((property) => !known.has(property));
  if (unknown !== undefined) throw notSupportedLocally(`the property ${unknown} of AWS::SSM::Parameter`);
  const type = text(properties, 'Type');
  if (type !== 'String' && type !== 'StringList') {
    throw validation(`AWS::SSM::Parameter ${name}: Type must be String or StringList; got ${type}.`);
  }
  const tier = text(properties, 'Tier');
  if (tier !== undefined && tier !== 'Standard' && tier !== 'Advanced' && tier !== 'Intelligent-Tiering') {
    throw validation(
      `AWS::SSM::Parameter ${name}: Tier must be Standard, Advanced or Intelligent-Tiering; got ${tier}.`,
    );
  }
  return {
    Name: name,
    Type: type,
    Value: text(properties, 'Value') ?? '',
    // A description that the template no longer has goes away.
    Description: text(properties, 'Description') ?? '',
    AllowedPattern: text(properties, 'AllowedPattern') ?? '',
    Tier: tier,
    DataType: text(properties, 'DataType'),
    Policies: text(properties, 'Policies'),
  };
}

function isSame(current: ParameterVersion, input: PutParameterCommandInput): boolean {
  return (
    current.value === input.Value &&
    current.type === input.Type &&
    (current.description ?? '') === input.Description &&
    (current.allowedPattern ?? '') === input.AllowedPattern &&
    (input.Tier === undefined || input.Tier === 'Intelligent-Tiering' || current.tier === input.Tier)
  );
}

/** Templates may write numbers and booleans where text is meant. */
function text(properties: JsonObject, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw validation(`AWS::SSM::Parameter: ${name} must be a string.`);
  return String(value);
}

function readTags(tags: Json | undefined): Record<string, string> {
  if (tags === undefined || !isJsonObject(tags)) return {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}

function alreadyExists(logicalId: string, name: string): AwsError {
  return new AwsError(
    'ParameterAlreadyExists',
    `${logicalId}: the parameter ${name} exists already and was not made by this resource; delete it or choose another Name`,
  );
}
