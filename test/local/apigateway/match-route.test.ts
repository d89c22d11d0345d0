import { expect, test } from 'vitest';
import { matchRoute } from '../../../local/services/apigateway/match-route.ts';
import { parseRouteKey } from '../../../local/services/apigateway/route-key.ts';

const routes = [
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{proxy+}',
  'ANY /{proxy+}',
  'ANY /pets/dog/1',
  '$default',
].map((routeKey) => ({ routeKey }));

test.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
  ['POST', '/pets/dog/1', 'ANY /pets/dog/1', {}],
  ['GET', '/pets/dog/2%2F3', 'GET /pets/dog/{id}', { id: '2/3' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
  ['GET', '/pets/dog/', 'GET /pets/{proxy+}', { proxy: 'dog/' }],
  ['GET', '/', '$default', {}],
])('[apigateway.routes.precedence] %s %s goes to %s', (method, path, routeKey, pathParameters) => {
  expect(matchRoute(routes, method, path)).toEqual({ route: { routeKey }, pathParameters });
});

test('[apigateway.routes.none] nothing fits when no route and no default does', () => {
  expect(matchRoute([{ routeKey: 'GET /a/{id}' }], 'GET', '/a')).toBeUndefined();
  expect(matchRoute([{ routeKey: 'GET /a/{id}' }], 'GET', '/a/%ff')).toBeUndefined();
  expect(matchRoute([{ routeKey: 'GET /a' }], 'PUT', '/a')).toBeUndefined();
});

test.each(['GET', 'GET a', 'FETCH /a', 'GET /{proxy+}/a', 'GET /a b'])(
  '[apigateway.routes.key] refuses the route key %s',
  (text) => {
    expect(() => parseRouteKey(text)).toThrow(`the route key '${text}' is not valid`);
  },
);
