import { LocalCloudError } from '../../errors.ts';

/** `POST /releases/{id}`, `ANY /{proxy+}` or `$default`. */
export type RouteKey =
  | { readonly kind: 'default' }
  | { readonly kind: 'path'; readonly method: string; readonly segments: readonly RouteSegment[] };

/** One segment of a route's path. */
export type RouteSegment =
  { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'variable' | 'greedy'; readonly name: string };

const methods = ['ANY', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Reads a route key.
 * @throws LocalCloudError if it is none
 */
export function parseRouteKey(text: string): RouteKey {
  if (text === '$default') return { kind: 'default' };
  const [method = '', path = '', ...more] = text.split(' ');
  if (!methods.includes(method) || !path.startsWith('/') || more.length > 0) throw invalid(text);
  const segments = path.slice(1).split('/').map(parseSegment);
  if (segments.slice(0, -1).some(({ kind }) => kind === 'greedy')) throw invalid(text);
  return { kind: 'path', method, segments };
}

function parseSegment(text: string): RouteSegment {
  const variable = /^\{([A-Za-z0-9._-]+)(\+?)\}$/.exec(text);
  if (!variable) return { kind: 'literal', text };
  return { kind: variable[2] ? 'greedy' : 'variable', name: variable[1] ?? '' };
}

function invalid(text: string): LocalCloudError {
  return new LocalCloudError(
    `the route key '${text}' is not valid: write '$default', or one of ${methods.join(', ')} and a path like /a/{id} or /a/{proxy+}`,
  );
}
