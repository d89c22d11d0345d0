import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { WireRequest } from '../../gateway/service.ts';
import type { ApiPart, ApiStore } from './api-store.ts';
import { matchRoute } from './match-route.ts';
import type { ThrottleLimit } from './throttle.ts';

/** The stage and the route of an API that a request is for. */
export interface Target {
  readonly apiId: string;
  readonly stage: ApiPart;
  /** The path below the API's URL. */
  readonly path: string;
  readonly route: FoundRoute | undefined;
}

/** A route with what it leads to. */
export interface FoundRoute {
  readonly routeKey: string;
  readonly properties: JsonObject;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Limits of an account without settings of its own. */
const accountLimit: ThrottleLimit = { perSecond: 10_000, burst: 5_000 };

/** Finds stage and route below `/_api/<id>`; undefined if there is no such API or stage. */
export function findTarget(store: ApiStore, request: WireRequest): Target | undefined {
  const [, , apiId = '', ...segments] = request.path.split('/');
  const [first = ''] = segments;
  const named = first.startsWith('$') ? undefined : store.find('stage', apiId, first);
  const stage = named ?? store.find('stage', apiId, '$default');
  if (!stage) return undefined;
  const path = `/${segments.join('/')}`;
  const routes = store
    .list('route', apiId)
    .map(({ properties }) => ({ routeKey: String(properties['RouteKey']), properties }));
  const found = matchRoute(routes, request.method, named ? `/${segments.slice(1).join('/')}` : path);
  return { apiId, stage, path, route: found && { ...found.route, pathParameters: found.pathParameters } };
}

/** The throttle of a route: its own settings, else the stage's, else the account's. */
export function throttleLimit(stage: JsonObject, routeKey: string): ThrottleLimit {
  const ofRoute = objectOf(objectOf(stage['RouteSettings'])[routeKey]);
  const ofStage = objectOf(stage['DefaultRouteSettings']);
  return {
    perSecond: numberOf(ofRoute['ThrottlingRateLimit'] ?? ofStage['ThrottlingRateLimit'], accountLimit.perSecond),
    burst: numberOf(ofRoute['ThrottlingBurstLimit'] ?? ofStage['ThrottlingBurstLimit'], accountLimit.burst),
  };
}

/** A JSON object, or an empty one if there is none. */
export function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

/** A number that the template may write as text. */
export function numberOf(value: Json | undefined, otherwise: number): number {
  return value === undefined || value === null ? otherwise : Number(value);
}
