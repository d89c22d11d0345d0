import type { Json, JsonObject } from '../../json.ts';
import type { ResourceType } from '../resource.ts';
import type { TemplateResource } from '../template.ts';

interface Helper {
  /** Why it has no behaviour here, and what to do instead. */
  readonly reason: string;
  attributes(properties: JsonObject): JsonObject;
}

const inPython = 'its handler is in Python, which does not run here';

/** Custom resources that CDK's own constructs add and whose handlers cannot run locally. */
const helpers: Readonly<Record<string, Helper>> = {
  'Custom::S3BucketNotifications': {
    reason: `${inPython}; let the bucket send to EventBridge instead`,
    attributes: () => ({}),
  },
  'Custom::CDKBucketDeployment': {
    reason: `${inPython}; put the objects there with "aws s3 sync"`,
    attributes: (properties) => ({
      DestinationBucketArn: `arn:aws:s3:::${String(properties['DestinationBucketName'])}`,
      SourceObjectKeys: properties['SourceObjectKeys'] ?? [],
    }),
  },
  'Custom::LogRetention': {
    reason: 'logs of functions lie in the folder and are kept until it is reset',
    attributes: (properties) => ({ LogGroupName: properties['LogGroupName'] ?? '' }),
  },
};

/** The helpers' types, recorded with the reason. */
export function recordedHelperTypes(): ResourceType[] {
  return Object.entries(helpers).map(([type, { reason, attributes }]) => ({
    type,
    recordedOnly: true,
    recordedBecause: reason,
    create: (properties, context) => ({
      physicalId: context.generateName(128),
      attributes: attributes(properties),
    }),
    update: ({ physicalId }, properties) => ({ physicalId, attributes: attributes(properties) }),
    delete: () => undefined,
  }));
}

/** Finds the type of each resource of a stack: the functions and layers behind recorded helpers are recorded with them. */
export function helperParts(resources: Readonly<Record<string, TemplateResource>>): ReadonlySet<string> {
  const tokensOf = (isHelper: boolean): string[] =>
    Object.values(resources)
      .filter(({ Type: type }) => type in helpers === isHelper)
      .flatMap(({ Properties: properties }) => referred(properties['ServiceToken']));
  const others = new Set(tokensOf(false));
  const functions = tokensOf(true).filter((id) => resources[id]?.Type === 'AWS::Lambda::Function' && !others.has(id));
  const layers = functions.flatMap((id) => {
    const listed = resources[id]?.Properties['Layers'];
    return Array.isArray(listed) ? listed.flatMap(referred) : [];
  });
  return new Set([...functions, ...layers]);
}

/** The logical id that a reference names. */
function referred(value: Json | undefined): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { Ref: ref, 'Fn::GetAtt': attribute } = value;
  const id = Array.isArray(attribute) ? attribute[0] : (attribute ?? ref);
  return typeof id === 'string' ? [id.split('.')[0] ?? id] : [];
}

/** What stands for a helper's function or layer: its ARN, and nothing behind it. */
export function recordedHelperPart(type: string, place: { account: string; region: string }): ResourceType {
  const isLayer = type === 'AWS::Lambda::LayerVersion';
  const start = `arn:aws:lambda:${place.region}:${place.account}`;
  return {
    type,
    recordedOnly: true,
    recordedBecause: 'the handler of a resource that is recorded only',
    create(_properties, context) {
      const name = context.generateName(64);
      return isLayer
        ? { physicalId: `${start}:layer:${name}:1`, attributes: {} }
        : { physicalId: name, attributes: { Arn: `${start}:function:${name}` } };
    },
    update: (current) => current,
    delete: () => undefined,
  };
}
