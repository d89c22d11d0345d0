import { parseRouteKey, type RouteSegment } from './route-key.ts';

/** A route that fits a request, with the variables of its path, decoded. */
export interface MatchedRoute<Route> {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Picks a route as HTTP APIs do: a full match of method and path first, then a greedy variable, then `$default`; of
 * several, the one that is more literal from the left, and its own method before ANY. `path` is still encoded.
 */
export function matchRoute<Route extends { readonly routeKey: string }>(
  routes: readonly Route[],
  method: string,
  path: string,
): MatchedRoute<Route> | undefined {
  const segments = path.slice(1).split('/');
  let best: (MatchedRoute<Route> & { readonly rank: readonly number[] }) | undefined;
  for (const route of routes) {
    const key = parseRouteKey(route.routeKey);
    const pathParameters = key.kind === 'default' ? {} : match(key.segments, segments);
    if (!pathParameters || (key.kind === 'path' && key.method !== method && key.method !== 'ANY')) continue;
    const rank = key.kind === 'default' ? [-1] : [...key.segments.map(rankOf), key.method === 'ANY' ? 0 : 1];
    if (!best || isHigher(rank, best.rank)) best = { route, pathParameters, rank };
  }
  return best && { route: best.route, pathParameters: best.pathParameters };
}

function match(template: readonly RouteSegment[], given: readonly string[]): Record<string, string> | undefined {
  const endsGreedy = template.at(-1)?.kind === 'greedy';
  if (endsGreedy ? given.length < template.length : given.length !== template.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [index, segment] of template.entries()) {
    const raw = segment.kind === 'greedy' ? given.slice(index).join('/') : (given[index] ?? '');
    if (segment.kind === 'literal' && raw !== segment.text) return undefined;
    if (segment.kind === 'literal') continue;
    const text = decodePath(raw);
    if (text === undefined || text === '') return undefined;
    parameters.push([segment.name, text]);
  }
  return Object.fromEntries(parameters);
}

/** A path with its percent signs decoded; undefined if they are not UTF-8. */
export function decodePath(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

function rankOf(segment: RouteSegment): number {
  return { literal: 2, variable: 1, greedy: 0 }[segment.kind];
}

function isHigher(rank: readonly number[], than: readonly number[]): boolean {
  for (const [index, value] of rank.entries()) {
    const other = than[index] ?? -1;
    if (value !== other) return value > other;
  }
  return false;
}
