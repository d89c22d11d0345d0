import { ActionCategory } from 'aws-cdk-lib/aws-codepipeline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { CustomActionType, smokeTest } from '../../../infra/public.ts';
import { actions } from '../../../shared/actions/registry.ts';
import { actionPipeline, type ActionPipeline } from '../../support/action-pipeline.ts';
import { webServer, type WebServer } from '../../support/web-server.ts';

let site: WebServer;
let pipeline: ActionPipeline;
beforeAll(async () => {
  site = await webServer(({ path }) => ({ status: path.startsWith('/page-') ? 200 : 404, body: 'open' }));
  // More than fit into a property; the URL, which is known when the pipeline runs, stays in it.
  const paths = Array.from({ length: 19 }, (_, n) => `/page-${n}/${'x'.repeat(60)}`);
  const checks = paths.map((path) => ({ path, bodyIncludes: 'open' }));
  pipeline = await actionPipeline({
    actions: ['smoke-test'],
    stage: ({ slipway, stack }) => {
      const types = actions
        .filter(({ id }) => id !== smokeTest.id)
        .map((declaration) => new CustomActionType(stack, `Type-${declaration.id}`, { slipway, declaration }));
      expect(types).toHaveLength(12);
      const type = new CustomActionType(stack, 'Smoke', {
        ...{ slipway, declaration: smokeTest, category: ActionCategory.TEST },
      });
      const url = `${site.url}/page-#{codepipeline.PipelineExecutionId}`;
      const parameters = { url, durationSeconds: 1, requestsPerCheck: 1 };
      return [
        type.action({ actionName: 'Smoke', parameters: { ...parameters, checks } }),
        type.action({ actionName: 'Broken', parameters: { ...parameters, checks: [{ path: '/closed' }] } }),
      ];
    },
  });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await site.close();
});

it('registers every action that comes with Slipway', async () => {
  const listed = await pipeline.cloud.call('codepipeline', 'ListActionTypes', { actionOwnerFilter: 'Custom' });
  const schema = z.object({ actionTypes: z.array(z.object({ id: z.object({ provider: z.string() }) })) });
  const providers = schema.parse(listed).actionTypes.map(({ id }) => id.provider);
  expect(providers.toSorted()).toEqual(actions.map(({ id }) => `Slipway-${id}`).toSorted());
});

it('runs one with more parameters than CodePipeline has properties, and longer ones', async () => {
  const execution = await pipeline.start();
  // Its last round follows a continuation, which has no event: the next look finds it.
  const seen = await pipeline.untilEnded(execution, 'Smoke', '1m');
  expect(seen).toMatchObject({ status: 'Succeeded', outputs: { failureCount: '0' } });
  expect(Number(seen.outputs['requestCount'])).toBeGreaterThanOrEqual(20);
  expect(await pipeline.untilEnded(execution, 'Broken', '1m')).toMatchObject({
    status: 'Failed',
    error: { message: expect.stringContaining('/closed: status 404') },
  });
});
