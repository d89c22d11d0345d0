import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTest } from '../../../infra/public.ts';
import { actionPipeline, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { webServer, type WebServer } from '../../support/web-server.ts';

let site: WebServer;
let pipeline: ActionPipeline;
beforeAll(async () => {
  site = await webServer(({ headers, path }) => {
    if (headers.authorization !== 'Bearer s3cr3t-of-the-site') return { status: 401 };
    return path === '/away' ? { status: 302, headers: { location: 'http://elsewhere.example/' } } : { status: 200 };
  });
  const parameters = {
    ...{ allowedHosts: ['127.0.0.1'], secretHeaders: { authorization: 'load-token' } },
    ...{ durationSeconds: 1, connections: 2, requestsPerSecond: 20 },
  };
  const urls = { Good: `${site.url}/`, Away: `${site.url}/away` };
  pipeline = await actionPipeline({
    actions: ['load-test'],
    stage: ({ slipway }) => [
      slipway.action(loadTest, {
        ...{ ...place, actionName: 'Good', variablesNamespace: 'Load' },
        parameters: { ...parameters, url: urls.Good, minRequestsPerSecond: 5 },
      }),
      slipway.action(loadTest, { ...place, actionName: 'Away', parameters: { ...parameters, url: urls.Away } }),
      slipway.action(loadTest, {
        ...{ ...place, actionName: 'Slow' },
        parameters: { ...parameters, url: urls.Good, maxLatencyP50Ms: 0.001 },
      }),
    ],
  });
  await pipeline.cloud.call('secretsmanager', 'CreateSecret', {
    Name: 'load-token',
    SecretString: 'Bearer s3cr3t-of-the-site',
  });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await site.close();
});

describe('load-test in a pipeline', () => {
  let execution: string;
  beforeAll(async () => {
    execution = await pipeline.start();
  });

  it('puts load on a site with a secret that is named, and passes its measurements on', async () => {
    expect(await pipeline.untilEnded(execution, 'Good')).toEqual({
      status: 'Succeeded',
      summary: expect.stringMatching(/^\d+ requests, [\d.]+ good ones a second, 0 % errors/),
      error: undefined,
      outputs: {
        requestCount: expect.stringMatching(/^[1-9]/),
        errorPercent: '0',
        requestsPerSecond: expect.stringMatching(/^[1-9]/),
        latencyP50Ms: expect.any(String),
        latencyP95Ms: expect.any(String),
        latencyP99Ms: expect.any(String),
      },
    });
    expect(site.requests.length).toBeGreaterThan(10);
  });

  it('fails when a threshold is missed', async () => {
    expect(await pipeline.untilEnded(execution, 'Slow')).toMatchObject({
      status: 'Failed',
      error: { code: 'JobFailed', message: expect.stringContaining('50 % of the answers took up to') },
    });
  });

  it('refuses a redirect that leads out of the list', async () => {
    expect(await pipeline.untilEnded(execution, 'Away')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringContaining('not among allowedHosts') },
    });
    expect(site.requests.filter(({ path }) => path === '/away')).toHaveLength(1);
  });
});
