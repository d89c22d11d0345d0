import { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smokeTest } from '../../../infra/public.ts';
import { actionPipeline, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { webServer, type WebServer } from '../../support/web-server.ts';

let site: WebServer;
let pipeline: ActionPipeline;
beforeAll(async () => {
  site = await webServer(({ headers, path }) => {
    if (headers.authorization !== 'Bearer s3cr3t-of-the-site') return { status: 401 };
    return path === '/broken' ? { status: 500 } : { status: 200, headers: { 'x-version': 'v42' }, body: 'open' };
  });
  const parameters = { url: `${site.url}/`, requestsPerCheck: 2, secretHeaders: { authorization: 'site-token' } };
  const health = { path: '/health', expectedHeaders: { 'x-version': 'v42' } };
  pipeline = await actionPipeline({
    actions: ['smoke-test'],
    stage: ({ slipway }) => [
      slipway.action(smokeTest, {
        ...{ ...place, actionName: 'Good', outputs: [new Artifact('Report')] },
        parameters: { ...parameters, durationSeconds: 60, checks: [health] },
      }),
      slipway.action(smokeTest, {
        ...{ ...place, actionName: 'Broken' },
        parameters: { ...parameters, checks: [health, { path: '/broken' }] },
      }),
      slipway.action(smokeTest, {
        ...{ ...place, actionName: 'NoSecret' },
        parameters: { ...parameters, secretHeaders: { authorization: 'forgotten-token' } },
      }),
    ],
  });
  await pipeline.cloud.call('secretsmanager', 'CreateSecret', {
    Name: 'site-token',
    SecretString: 'Bearer s3cr3t-of-the-site',
  });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await site.close();
});

describe('smoke-test in a pipeline', () => {
  let execution: string;
  beforeAll(async () => {
    execution = await pipeline.start();
  });

  it('makes every check until its time is over, with a secret that is named', async () => {
    const seen = await pipeline.untilEnded(execution, 'Good', '10s');
    expect(seen).toMatchObject({ status: 'Succeeded', outputs: { failureCount: '0' } });
    // Four in each round, and there was more than one.
    expect(Number(seen.outputs['requestCount'])).toBeGreaterThan(4);
  });

  it('fails with the check that failed', async () => {
    expect(await pipeline.untilEnded(execution, 'Broken')).toMatchObject({
      status: 'Failed',
      error: {
        code: 'JobFailed',
        message: expect.stringContaining('1 of 3 requests failed: /broken: status 500, expected 200'),
      },
    });
  });

  it('fails when there is no such secret, which IAM cannot tell from one of somebody else', async () => {
    expect(await pipeline.untilEnded(execution, 'NoSecret')).toMatchObject({
      status: 'Failed',
      error: {
        code: 'PermissionError',
        message: expect.stringContaining('may not read secret forgotten-token, or there is none'),
      },
    });
  });
});
