import { createHash } from 'node:crypto';
import { LocalCloudError } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';
import type { ResourceContext, ResourceType } from '../../template/resource.ts';
import type { CloudContext } from '../service-module.ts';
import type { ApiStore, PartKind } from './api-store.ts';
import { parseRouteKey } from './route-key.ts';

/** A CloudFormation type of an HTTP API, as far as it has behaviour here. */
interface PartType {
  readonly kind: PartKind;
  readonly type: string;
  /** Properties with behaviour here, or none anywhere; every other one is refused by name. */
  readonly properties: readonly string[];
  /** Properties of which only these values are supported. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
  readonly replacedBy: readonly string[];
  /** The attribute that repeats the id. */
  readonly idAttribute?: string;
  check?(properties: JsonObject): void;
}

const partTypes: readonly PartType[] = [
  {
    kind: 'api',
    type: 'AWS::ApiGatewayV2::Api',
    properties: [
      'Name',
      'Description',
      'ProtocolType',
      'Tags',
      'Version',
      'DisableExecuteApiEndpoint',
      'IpAddressType',
    ],
    only: { ProtocolType: ['HTTP'], DisableExecuteApiEndpoint: [false, 'false'] },
    replacedBy: ['ProtocolType'],
    idAttribute: 'ApiId',
  },
  {
    kind: 'stage',
    type: 'AWS::ApiGatewayV2::Stage',
    properties: [
      ...['ApiId', 'StageName', 'AutoDeploy', 'Description', 'Tags', 'DeploymentId'],
      ...['AccessLogSettings', 'DefaultRouteSettings', 'RouteSettings', 'StageVariables'],
    ],
    replacedBy: ['ApiId', 'StageName'],
  },
  {
    kind: 'route',
    type: 'AWS::ApiGatewayV2::Route',
    properties: ['ApiId', 'RouteKey', 'Target', 'AuthorizationType', 'AuthorizerId', 'OperationName', 'ApiKeyRequired'],
    only: { AuthorizationType: ['NONE', 'CUSTOM'], ApiKeyRequired: [false, 'false'] },
    replacedBy: ['ApiId'],
    idAttribute: 'RouteId',
    check: ({ RouteKey }) => void parseRouteKey(String(RouteKey)),
  },
  {
    kind: 'integration',
    type: 'AWS::ApiGatewayV2::Integration',
    properties: [
      ...['ApiId', 'Description', 'IntegrationType', 'IntegrationUri', 'IntegrationMethod'],
      ...['PayloadFormatVersion', 'TimeoutInMillis', 'ConnectionType'],
    ],
    only: { IntegrationType: ['AWS_PROXY'], PayloadFormatVersion: ['2.0'], ConnectionType: ['INTERNET'] },
    replacedBy: ['ApiId'],
    idAttribute: 'IntegrationId',
  },
  {
    kind: 'authorizer',
    type: 'AWS::ApiGatewayV2::Authorizer',
    properties: [
      ...['ApiId', 'Name', 'AuthorizerType', 'AuthorizerUri', 'AuthorizerPayloadFormatVersion'],
      ...['EnableSimpleResponses', 'IdentitySource', 'AuthorizerResultTtlInSeconds'],
    ],
    only: {
      AuthorizerType: ['REQUEST'],
      AuthorizerPayloadFormatVersion: ['2.0'],
      EnableSimpleResponses: [true, 'true'],
      AuthorizerResultTtlInSeconds: [0, '0'],
    },
    replacedBy: ['ApiId'],
    idAttribute: 'AuthorizerId',
  },
];

/** The resource types of HTTP APIs. WebSocket APIs, JWT and IAM authorization and CORS are not supported locally. */
export function apiGatewayResources(context: CloudContext, store: ApiStore): ResourceType[] {
  return partTypes.map((part) => resourceType(part, context, store));
}

function resourceType(part: PartType, context: CloudContext, store: ApiStore): ResourceType {
  const save = (
    id: string,
    properties: JsonObject,
    { logicalId }: ResourceContext,
  ): ReturnType<ResourceType['create']> => {
    checkProperties(part, properties, logicalId);
    store.put({ kind: part.kind, apiId: apiIdOf(part, id, properties), id, properties });
    const endpoint = part.kind === 'api' ? { ApiEndpoint: `${context.endpoint}/_api/${id}` } : {};
    return { physicalId: id, attributes: { ...(part.idAttribute && { [part.idAttribute]: id }), ...endpoint } };
  };
  return {
    type: part.type,
    replacedBy: part.replacedBy,
    create: (properties, resource) => save(newId(part, properties, resource), properties, resource),
    update: (current, properties, resource) => save(current.physicalId, properties, resource),
    delete: (current, properties) =>
      store.delete(part.kind, apiIdOf(part, current.physicalId, properties), current.physicalId),
  };
}

function apiIdOf(part: PartType, id: string, properties: JsonObject): string {
  return part.kind === 'api' ? id : String(properties['ApiId']);
}

/** The same id for the same resource of the same API, so that URLs stay and a crash in the middle leaves no second one. */
function newId(part: PartType, properties: JsonObject, { stackId, logicalId }: ResourceContext): string {
  if (part.kind === 'stage') return String(properties['StageName']);
  const hash = createHash('sha256').update(`${stackId}/${logicalId}/${JSON.stringify(properties['ApiId'] ?? '')}`);
  const digits = BigInt(`0x${hash.digest('hex')}`).toString(36);
  return digits.slice(0, part.kind === 'api' ? 10 : 7);
}

function checkProperties(part: PartType, properties: JsonObject, logicalId: string): void {
  for (const [name, value] of Object.entries(properties)) {
    const allowed = part.only?.[name];
    const isKnown = part.properties.includes(name);
    if (isKnown && (!allowed || allowed.includes(value))) continue;
    const what = isKnown ? `${name} ${JSON.stringify(value)}` : name;
    const hint = allowed ? `; supported: ${allowed.map(String).join(', ')}` : '';
    throw new LocalCloudError(`${logicalId}: ${what} of ${part.type} is not supported locally${hint}`);
  }
  part.check?.(properties);
}
