import type { Compatibility } from '../compatibility.ts';

/** What API Gateway says of itself in docs/compatibility.md. */
export const apiGatewayCompatibility: Compatibility = {
  id: 'apigateway',
  title: 'API Gateway',
  scope: 'HTTP APIs (version 2) from a template, served below \`/_api/<id>\`; REST and WebSocket APIs are not here.',

  resourceTypePrefix: 'AWS::ApiGatewayV2::',
  rules: [],
};
