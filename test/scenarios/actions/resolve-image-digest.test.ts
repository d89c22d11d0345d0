import { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveImageDigest } from '../../../infra/public.ts';
import { actionPipeline, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { fakeRegistry, manifestDigest } from '../../support/fake-registry.ts';

let registry: Awaited<ReturnType<typeof fakeRegistry>>;
let pipeline: ActionPipeline;
let execution: string;
beforeAll(async () => {
  registry = await fakeRegistry();
  const image = `${registry.host}/team/web`;
  pipeline = await actionPipeline({
    actions: ['resolve-image-digest'],
    stage: ({ slipway, source }) => [
      slipway.action(resolveImageDigest, {
        ...{ ...place, actionName: 'Resolve', inputs: [source], outputs: [new Artifact('Images')] },
        parameters: { images: { web: `${image}:1` }, definitionsPath: 'imagedefinitions.json' },
      }),
      slipway.action(resolveImageDigest, {
        ...{ ...place, actionName: 'Refuse' },
        parameters: { images: { web: `${image}:#{codepipeline.PipelineExecutionId}` }, tags: 'refuse' },
      }),
      slipway.action(resolveImageDigest, {
        ...{ ...place, actionName: 'Missing' },
        parameters: { images: { web: `${image}:none` } },
      }),
    ],
  });
  const file = JSON.stringify([{ name: 'side', imageUri: `${image}@${manifestDigest}` }]);
  execution = await pipeline.start({ 'imagedefinitions.json': file });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await registry.close();
});

it('gives the digests of images in a file and in parameters', async () => {
  const { status, outputs } = await pipeline.untilEnded(execution, 'Resolve');
  expect(status).toBe('Succeeded');
  const imageUri = `${registry.host}/team/web@${manifestDigest}`;
  expect(JSON.parse(outputs['imageDefinitions'] ?? '')).toEqual([
    { name: 'side', imageUri },
    { name: 'web', imageUri },
  ]);
});

it('fails for a tag where tags are refused, and for one that is not there', async () => {
  expect(await pipeline.untilEnded(execution, 'Refuse')).toMatchObject({
    status: 'Failed',
    error: { code: 'JobFailed', message: expect.stringContaining(`team/web:${execution}`) },
  });
  expect(await pipeline.untilEnded(execution, 'Missing')).toMatchObject({
    status: 'Failed',
    error: { code: 'ConfigurationError', message: expect.stringContaining('tag none') },
  });
});
