import { CfnOutput, Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { sourceCommands } from '../../shared/commands/registry.ts';
import { triggerDeclarations } from '../../shared/triggers/registry.ts';
import { triggerBundle } from '../bundle.ts';
import { Api } from '../constructs/api.ts';
import type { SlipwayFunction } from '../constructs/function.ts';
import { capitalized, type Foundation } from './foundation.ts';

/** For the calls of people and their tools. */
const throttle = { requestsPerSecond: 20, burst: 40 };

/** The API and the functions behind it: webhooks of triggers, the commands of people, and what they read. */
export function receiveRequests(on: Foundation): void {
  const { stack, data, grants, makeFunction } = on;
  const authorizer = makeFunction('people-authorize', 'Checks the bearer token of an API call', {
    timeout: Duration.seconds(10),
    environment: { SLIPWAY_API_TOKEN_SECRET: data.apiTokenSecret.secretArn },
    permissions: grants.readSecret(data.apiTokenSecret),
  });
  const api = new Api(stack, 'Api', { authorizer });
  receiveWebhooks(api, on);
  runCommands(api, on);
  readReleases(api, on);
  new CfnOutput(stack, 'ApiUrl', { description: 'The URL of the API', value: api.api.apiEndpoint });
  new CfnOutput(stack, 'ApiTokenSecretArn', {
    description: "The secret that holds the API's token",
    value: data.apiTokenSecret.secretArn,
  });
  new CfnOutput(stack, 'TopicArn', { description: 'Release events', value: data.topic.topicArn });
}

function receiveWebhooks(api: Api, { stack, data, alarms, environments, grants, makeFunction }: Foundation): void {
  const { publish, readServices, readSecret, readTable } = grants;
  const environment = { ...environments.table, ...environments.bus, ...environments.services };
  for (const { id, route } of triggerDeclarations) {
    const secret = data.webhookSecret(id);
    const receiver = makeFunction(triggerBundle(id), `Receives webhooks of ${id}`, {
      timeout: Duration.seconds(10),
      environment: { ...environment, SLIPWAY_WEBHOOK_SECRET: secret.secretArn },
      permissions: [...readTable, ...readServices, ...publish, ...readSecret(secret)],
    });
    const [method = '', path = ''] = route.split(' ');
    api.addRoute(`Receive${capitalized(id)}`, {
      method: httpMethod(method),
      path,
      handler: receiver,
      throttle: { requestsPerSecond: 10, burst: 20 },
      access: 'signature',
    });
    new CfnOutput(stack, `${capitalized(id)}SecretArn`, {
      description: `The secret that signs ${id}'s webhooks`,
      value: secret.secretArn,
    });
    alarms.onRoute(`Webhook${capitalized(id)}`, { api: api.api, method, path });
  }
}

function runCommands(api: Api, { environments, grants, makeFunction }: Foundation): void {
  const { publish, readServices, readIndex, resumeReleases, useTable } = grants;
  const timeout = Duration.seconds(25);
  const releaseVerbs = makeFunction('commands-run', "Runs a person's command about releases", {
    timeout,
    environment: { ...environments.table, ...environments.bus, ...environments.services },
    permissions: [...useTable, ...readIndex, ...readServices, ...publish],
  });
  const sourceVerbs = makeFunction('commands-run-source', "Runs a person's command about sources", {
    timeout,
    environment: { ...environments.table, ...environments.services },
    permissions: [...useTable, ...readServices, resumeReleases],
  });
  const runs = (verb: string, handler: SlipwayFunction) =>
    ({ method: HttpMethod.POST, path: `/api/commands/${verb}`, handler, throttle, access: 'bearer' }) as const;
  api.addRoute('RunCommand', runs('{verb}', releaseVerbs));
  // More literal than the route above, so they go before it.
  for (const { verb } of sourceCommands) api.addRoute(`Run${capitalized(verb)}`, runs(verb, sourceVerbs));
}

function readReleases(api: Api, { environments, grants, makeFunction }: Foundation): void {
  const handler = makeFunction('releases-read', 'Lists releases and tells one of them', {
    timeout: Duration.seconds(10),
    environment: environments.table,
    permissions: [...grants.readTable, ...grants.readIndex],
  });
  const reads = { method: HttpMethod.GET, handler, throttle, access: 'bearer' } as const;
  api.addRoute('ListReleases', { ...reads, path: '/api/releases' });
  api.addRoute('GetRelease', { ...reads, path: '/api/releases/{id}' });
}

function httpMethod(method: string): HttpMethod {
  const found = Object.values(HttpMethod).find((known) => known === method);
  if (!found)
    throw new Error(`a trigger's route begins with "${method}"; allowed are ${Object.values(HttpMethod).join(', ')}`);
  return found;
}
