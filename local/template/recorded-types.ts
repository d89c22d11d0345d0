import { createHash } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from './resource.ts';

/** Where recorded resources stand: their ARNs name it. */
export interface RecordedPlace {
  readonly account: string;
  readonly region: string;
}

/** What `Ref` and `GetAtt` of a recorded type are made from. */
interface Recording {
  readonly properties: JsonObject;
  readonly context: ResourceContext;
  readonly place: RecordedPlace;
  /** The explicit name, or one that CloudFormation would generate. */
  name(property: string, maxLength: number): string;
  /** The start of an ARN of a service in this region: `arn:aws:<service>:<region>:<account>:`. */
  arn(service: string): string;
  /** The start of a global service's ARN. */
  globalArn(service: string): string;
  /** Hex digits, the same at every start. */
  digits(count: number): string;
}

interface RecordedType {
  readonly replacedBy: readonly string[];
  describe(recording: Recording): Provisioned;
}

/** Types without behaviour: kept, with the `Ref` and `GetAtt` that CloudFormation documents, and listed as such. */
export function recordedTypes(place: RecordedPlace): ResourceType[] {
  return Object.entries(descriptions).map(([type, { replacedBy, describe }]) => ({
    type,
    recordedOnly: true,
    replacedBy,
    create: (properties, context) => describe(recording(properties, context, place)),
    update: (current, properties, context) => ({
      ...describe(recording(properties, context, place)),
      physicalId: current.physicalId,
    }),
    delete: () => undefined,
  }));
}

function recording(properties: JsonObject, context: ResourceContext, place: RecordedPlace): Recording {
  const hex = createHash('sha256').update(context.generateName(128)).digest('hex');
  return {
    properties,
    context,
    place,
    name(property, maxLength) {
      const given = properties[property];
      return typeof given === 'string' ? given : context.generateName(maxLength);
    },
    arn: (service) => `arn:aws:${service}:${place.region}:${place.account}:`,
    globalArn: (service) => `arn:aws:${service}::${place.account}:`,
    digits: (count) => hex.slice(0, count),
  };
}

/** A type whose Ref is its name and that has an ARN made from it. */
function named(property: string, maxLength: number, arn: (name: string, recording: Recording) => string): RecordedType {
  return {
    replacedBy: [property],
    describe(of) {
      const name = of.name(property, maxLength);
      return { physicalId: name, attributes: { Arn: arn(name, of) } };
    },
  };
}

/** A type whose Ref is its name and that has no attributes. */
function onlyNamed(property: string, maxLength: number): RecordedType {
  return {
    replacedBy: [property],
    describe: (of) => ({ physicalId: of.name(property, maxLength), attributes: {} }),
  };
}

function iamEntity(kind: 'user' | 'group' | 'instance-profile', property: string): RecordedType {
  return {
    replacedBy: [property, 'Path'],
    describe(of) {
      const name = of.name(property, 64);
      return { physicalId: name, attributes: { Arn: `${of.globalArn('iam')}${kind}${path(of.properties)}${name}` } };
    },
  };
}

function path(properties: JsonObject): string {
  const given = properties['Path'];
  return typeof given === 'string' ? given : '/';
}

const descriptions: Readonly<Record<string, RecordedType>> = {
  'AWS::IAM::User': iamEntity('user', 'UserName'),
  'AWS::IAM::Group': iamEntity('group', 'GroupName'),
  'AWS::IAM::InstanceProfile': iamEntity('instance-profile', 'InstanceProfileName'),
  'AWS::KMS::Key': {
    replacedBy: [],
    describe(of) {
      const hex = of.digits(32);
      const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
      return { physicalId: id, attributes: { Arn: `${of.arn('kms')}key/${id}`, KeyId: id } };
    },
  },
  'AWS::KMS::Alias': onlyNamed('AliasName', 256),
  'AWS::Logs::LogGroup': named('LogGroupName', 512, (name, of) => `${of.arn('logs')}log-group:${name}:*`),
  'AWS::Logs::LogStream': onlyNamed('LogStreamName', 512),
  'AWS::Logs::MetricFilter': onlyNamed('FilterName', 512),
  'AWS::Logs::ResourcePolicy': onlyNamed('PolicyName', 255),
  'AWS::Logs::QueryDefinition': {
    replacedBy: [],
    describe: (of) => ({ physicalId: of.digits(32), attributes: { QueryDefinitionId: of.digits(32) } }),
  },
  'AWS::CDK::Metadata': {
    replacedBy: [],
    describe: (of) => ({ physicalId: of.context.generateName(128), attributes: {} }),
  },
  'AWS::CloudFormation::WaitConditionHandle': {
    replacedBy: [],
    describe: (of) => ({
      physicalId: `https://cloudformation-waitcondition-${of.place.region}.s3.amazonaws.com/${of.context.generateName(128)}`,
      attributes: {},
    }),
  },
  'AWS::ResourceGroups::Group': named('Name', 128, (name, of) => `${of.arn('resource-groups')}group/${name}`),
  'AWS::XRay::Group': {
    replacedBy: [],
    describe(of) {
      const arn = `${of.arn('xray')}group/${of.name('GroupName', 32)}/${of.digits(32).toUpperCase()}`;
      return { physicalId: arn, attributes: { GroupARN: arn } };
    },
  },
  'AWS::XRay::SamplingRule': {
    replacedBy: [],
    describe(of) {
      const arn = `${of.arn('xray')}sampling-rule/${of.context.generateName(32)}`;
      return { physicalId: arn, attributes: { RuleARN: arn } };
    },
  },
};
