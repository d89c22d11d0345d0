import type { Gateway } from '../../gateway/service.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { functionArnOf, invokeFunction } from './invoke-function.ts';
import { authorizerEvent, type ProxyRequest } from './proxy-event.ts';

/** What an authorizer said of a request. */
export type Authorization =
  | { readonly kind: 'granted'; readonly context: JsonObject }
  /** Without its identity sources a request is refused before the function is asked. */
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly reason: string };

/** The documented limit of a Lambda authorizer. */
const timeoutMs = 10_000;

/** Asks a Lambda authorizer (format 2.0, simple responses), for every request anew. */
export async function authorize(
  gateway: Gateway,
  authorizer: JsonObject,
  request: ProxyRequest,
  arns: { readonly route: string; readonly authorizer: string },
): Promise<Authorization> {
  const identities = identitySources(authorizer).map((source) => identityOf(source, request));
  if (!identities.every((identity) => identity !== undefined && identity !== '')) return { kind: 'unauthenticated' };
  const event = authorizerEvent(
    request,
    arns.route,
    identities.filter((identity) => identity !== undefined),
  );
  const functionArn = functionArnOf(String(authorizer['AuthorizerUri']));
  const answer = await invokeFunction(gateway, { functionArn, sourceArn: arns.authorizer, timeoutMs }, event);
  if (answer.kind === 'timed-out') return { kind: 'failed', reason: 'The authorizer timed out' };
  if (answer.kind === 'failed') return { kind: 'failed', reason: answer.reason };
  const { payload } = answer;
  if (!isJsonObject(payload) || typeof payload['isAuthorized'] !== 'boolean') {
    return { kind: 'failed', reason: 'The authorizer did not return isAuthorized as true or false' };
  }
  const context = payload['context'] ?? {};
  if (!isJsonObject(context)) return { kind: 'failed', reason: 'The context of the authorizer is not an object' };
  return payload['isAuthorized'] ? { kind: 'granted', context } : { kind: 'refused' };
}

function identitySources(authorizer: JsonObject): string[] {
  const sources = authorizer['IdentitySource'];
  return Array.isArray(sources) ? sources.map(String) : [];
}

/** `$request.header.Authorization`, `$request.querystring.token`, `$context.…` and `$stageVariables.…`. */
function identityOf(source: string, request: ProxyRequest): string | undefined {
  const [, kind, name = ''] =
    /^\$(request\.header|request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'request.header':
      return request.wire.headers[name.toLowerCase()];
    case 'request.querystring':
      return new URLSearchParams(request.wire.query).get(name) ?? undefined;
    case 'stageVariables':
      return request.stageVariables[name];
    case 'context':
      return contextValue(name, request);
    default:
      return undefined;
  }
}

function contextValue(name: string, request: ProxyRequest): string | undefined {
  const values: Readonly<Record<string, string>> = {
    'identity.sourceIp': request.wire.sourceIp,
    httpMethod: request.wire.method,
    path: request.path,
    routeKey: request.routeKey,
    stage: request.stage,
    requestId: request.requestId,
  };
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
