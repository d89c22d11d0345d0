import type { Compatibility } from '../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';

/** What API Gateway says of itself in docs/compatibility.md. */
export const apiGatewayCompatibility: Compatibility = {
  id: 'apigateway',
  title: 'API Gateway',
  scope: 'HTTP APIs (version 2) from a template, served below \`/_api/<id>\`; REST and WebSocket APIs are not here.',

  resourceTypePrefix: 'AWS::ApiGatewayV2::',
  resourceTypes: {
    'AWS::ApiGatewayV2::Api': {
      answer: 'partly',
      how: 'HTTP APIs; WebSocket APIs, CORS and imported bodies are refused',
    },
    'AWS::ApiGatewayV2::Authorizer': { answer: 'partly', how: 'Lambda authorizers; JWT is refused' },
    'AWS::ApiGatewayV2::Integration': { answer: 'partly', how: 'Lambda proxies' },
  },
  rules: [
    {
      id: 'apigateway.access-log',
      rule: 'The access log has a line for each request, of the documented variables, which a request cannot break.',
      source: `${guide}/http-api-logging-variables.html`,
    },
    {
      id: 'apigateway.authorizer',
      rule: 'A Lambda authorizer is asked with its identity source, and its context reaches the function.',
      source: `${guide}/http-api-lambda-authorizer.html`,
    },
    {
      id: 'apigateway.authorizer.failed',
      rule: 'An authorizer that fails or answers something else is a 500, never a way in.',
      source: `${guide}/http-api-lambda-authorizer.html`,
    },
    {
      id: 'apigateway.authorizer.identity-source',
      rule: 'A request without the identity source is a 401, and no function is asked.',
      source: `${guide}/http-api-lambda-authorizer.html`,
    },
    {
      id: 'apigateway.authorizer.refused',
      rule: 'What the authorizer refuses is a 403.',
      source: `${guide}/http-api-lambda-authorizer.html`,
    },
    {
      id: 'apigateway.integration.failed',
      rule: 'A function that fails, or answers what cannot be a response, is a 500.',
      source: `${guide}/http-api-develop-integrations-lambda.html`,
    },
    {
      id: 'apigateway.integration.timeout',
      rule: 'A function that takes longer than 30 seconds is a 503.',
      source: `${guide}/http-api-quotas.html`,
    },
    {
      id: 'apigateway.limits',
      rule: 'Requests over the documented sizes are refused.',
      source: `${guide}/http-api-quotas.html`,
    },
    {
      id: 'apigateway.proxy-event',
      rule: 'A function gets the event of payload format 2.0.',
      source: `${guide}/http-api-develop-integrations-lambda.html`,
    },
    {
      id: 'apigateway.proxy-event.base64',
      rule: 'A body that is not text comes as base64.',
      source: `${guide}/http-api-develop-integrations-lambda.html`,
    },
    {
      id: 'apigateway.response.base64',
      rule: 'A response body in base64 is sent as its bytes.',
      source: `${guide}/http-api-develop-integrations-lambda.html`,
    },
    {
      id: 'apigateway.response.inferred',
      rule: 'A payload without a status code is the body of a 200 in JSON.',
      source: `${guide}/http-api-develop-integrations-lambda.html`,
    },
    {
      id: 'apigateway.routes.key',
      rule: 'A route key is a method and a path, or $default; others are refused.',
      source: `${guide}/http-api-develop-routes.html`,
    },
    {
      id: 'apigateway.routes.none',
      rule: 'What no route is for is a 404.',
      source: `${guide}/http-api-develop-routes.html`,
    },
    {
      id: 'apigateway.routes.precedence',
      rule: 'The most specific route takes a request: a full match, then a greedy path, then the default.',
      source: `${guide}/http-api-develop-routes.html`,
    },
    {
      id: 'apigateway.template.refused',
      rule: 'Properties and types without local behaviour are refused by name.',
      source: 'inferred',
    },
    {
      id: 'apigateway.throttle',
      rule: 'A route lets its burst through, and then as many requests as its rate; the others are a 429.',
      source: `${guide}/http-api-throttling.html`,
    },
  ],
};
