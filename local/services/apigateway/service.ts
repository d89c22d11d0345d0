import type { OpenService } from '../service-module.ts';
import { openApiStore } from './api-store.ts';
import { apiGatewayResources } from './resources.ts';
import { serveApi } from './serve-api.ts';
import { createThrottle } from './throttle.ts';

/** HTTP APIs of API Gateway, from the template, below `/_api/<id>`. */
export const openApiGateway: OpenService = (context) => {
  const store = openApiStore(context.store);
  const throttle = createThrottle(context.clock);
  return {
    resources: apiGatewayResources(context, store),
    routes: [{ prefix: '/_api/', serve: (request) => serveApi({ context, store, throttle }, request) }],
  };
};
