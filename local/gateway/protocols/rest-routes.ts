import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors.ts';
import { requiredMembers, serviceSchemas, type OperationSchema } from '../schema/service-schemas.ts';
import type { ServiceApi, WireRequest } from '../service.ts';

/** The operation that a REST request means, and the decoded labels of its path. */
export interface FoundRoute {
  readonly operation: OperationSchema;
  readonly labels: ReadonlyMap<string, string>;
}

interface Route {
  readonly operation: OperationSchema;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Query parameters that belong to the route (`?uploads`, `?list-type=2`); `x-id` only breaks ties. */
  readonly literals: readonly (readonly [name: string, value: string])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

type Segment =
  { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'label' | 'greedy'; readonly name: string };

const known = new WeakMap<ServiceApi, readonly Route[]>();

/**
 * Finds the operation by method, path and query. Of several that match, the one wins that asks for more: literal
 * segments before labels, then query literals and required query parameters and headers, then the SDK's `x-id` hint.
 * @throws AwsError as the protocol documents for a method and path that mean nothing
 */
export function findRoute(api: ServiceApi, request: WireRequest): FoundRoute {
  const path = segmentsOf(request.path);
  const query = new URLSearchParams(request.query);
  let best: (FoundRoute & { readonly rank: readonly number[] }) | undefined;
  for (const route of routesOf(api)) {
    if (route.method !== request.method || !accepts(route, query, request.headers)) continue;
    const labels = match(route.segments, path);
    if (!labels) continue;
    const rank = rankOf(route, query);
    if (!best || isGreater(rank, best.rank)) best = { operation: route.operation, labels, rank };
  }
  if (best) return best;
  throw noRoute(api, request);
}

function noRoute(api: ServiceApi, request: WireRequest): AwsError {
  const what = `${request.method} ${request.path.slice(0, 200)}`;
  return api.protocol.kind === 'rest-xml'
    ? new AwsError('MethodNotAllowed', `The specified method is not allowed against this resource: ${what}`, {
        httpStatus: 405,
      })
    : new AwsError('UnknownOperationException', `${api.name} has no operation for ${what}`, { httpStatus: 404 });
}

function routesOf(api: ServiceApi): readonly Route[] {
  const found = known.get(api);
  if (found) return found;
  const routes = [...serviceSchemas(api).operations.values()].flatMap((operation) => routeOf(api, operation) ?? []);
  known.set(api, routes);
  return routes;
}

function routeOf(api: ServiceApi, operation: OperationSchema): Route | undefined {
  if (!operation.http) return undefined;
  const [method, uri] = operation.http;
  const [path = '/', query = ''] = uri.split('?');
  return {
    operation,
    method,
    segments: templateOf(`${bucketPrefix(api, operation, path)}${path}`),
    literals: [...new URLSearchParams(query)],
    ...requiredBindings(operation.input),
  };
}

/** S3's templates leave the bucket to the host name; addressed by path, it is the first segment. */
function bucketPrefix(api: ServiceApi, operation: OperationSchema, path: string): string {
  if (api.protocol.kind !== 'rest-xml' || operation.input.isUnitSchema()) return '';
  const bucket = operation.input.getMemberSchemas()['Bucket'];
  return bucket?.getMergedTraits().httpLabel && !path.includes('{Bucket}') ? '/{Bucket}' : '';
}

function templateOf(path: string): Segment[] {
  return withoutEmptyEnd(segmentsOf(path)).map((text) => {
    const label = /^\{([^}+]+)(\+?)\}$/.exec(text);
    if (!label) return { kind: 'literal', text };
    return { kind: label[2] ? 'greedy' : 'label', name: label[1] ?? '' };
  });
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}

function requiredBindings(input: NormalizedSchema): Pick<Route, 'requiredQuery' | 'requiredHeaders'> {
  const requiredQuery: string[] = [];
  const requiredHeaders: string[] = [];
  if (input.isUnitSchema()) return { requiredQuery, requiredHeaders };
  const required = requiredMembers(input);
  for (const [name, member] of input.structIterator()) {
    const { httpQuery, httpHeader } = member.getMergedTraits();
    if (!required.has(name)) continue;
    if (typeof httpQuery === 'string') requiredQuery.push(httpQuery);
    if (typeof httpHeader === 'string') requiredHeaders.push(httpHeader.toLowerCase());
  }
  return { requiredQuery, requiredHeaders };
}

function accepts(route: Route, query: URLSearchParams, headers: WireRequest['headers']): boolean {
  return (
    route.literals.every(([name, value]) => name === 'x-id' || (value ? query.get(name) === value : query.has(name))) &&
    route.requiredQuery.every((name) => query.has(name)) &&
    route.requiredHeaders.every((name) => headers[name] !== undefined)
  );
}

function match(template: readonly Segment[], path: readonly string[]): Map<string, string> | undefined {
  const labels = new Map<string, string>();
  const meetsGreedy = template.at(-1)?.kind === 'greedy';
  const given = meetsGreedy ? path : withoutEmptyEnd(path);
  if (meetsGreedy ? given.length < template.length : given.length !== template.length) return undefined;
  for (const [index, segment] of template.entries()) {
    const raw = segment.kind === 'greedy' ? given.slice(index).join('/') : (given[index] ?? '');
    if (segment.kind === 'literal' && raw !== segment.text) return undefined;
    if (segment.kind === 'literal') continue;
    const text = decode(raw);
    if (text === undefined || text === '') return undefined;
    labels.set(segment.name, text);
  }
  return labels;
}

/** A slash at the end of a path means nothing, except inside what a greedy label takes. */
function withoutEmptyEnd(path: readonly string[]): readonly string[] {
  return path.at(-1) === '' ? path.slice(0, -1) : path;
}

function decode(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

function rankOf(route: Route, query: URLSearchParams): number[] {
  const hint = route.literals.find(([name]) => name === 'x-id')?.[1];
  return [
    ...route.segments.map((segment) => (segment.kind === 'literal' ? 2 : segment.kind === 'label' ? 1 : 0)),
    route.literals.length - (hint ? 1 : 0) + route.requiredQuery.length + route.requiredHeaders.length,
    hint !== undefined && hint === query.get('x-id') ? 1 : 0,
  ];
}

function isGreater(rank: readonly number[], than: readonly number[]): boolean {
  for (const [index, value] of rank.entries()) {
    const other = than[index] ?? 0;
    if (value !== other) return value > other;
  }
  return false;
}
