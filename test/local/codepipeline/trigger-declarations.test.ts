import type { PipelineDeclaration, PipelineTriggerDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { create, deployAction, pipelineCloud, pipelineOf, refusal } from './fixture.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud({ sourceRepositories: { 'acme/shop': '.' } });
});
afterEach(() => cloud.close());

const triggered = (git: Partial<PipelineTriggerDeclaration['gitConfiguration']>): PipelineDeclaration => ({
  ...pipelineOf({}),
  stages: [
    {
      name: 'Source',
      actions: [
        {
          name: 'Fetch',
          actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' },
          configuration: {
            ConnectionArn: 'arn:aws:codeconnections:us-east-1:123456789012:connection/1',
            FullRepositoryId: 'acme/shop',
            BranchName: 'main',
          },
          outputArtifacts: [{ name: 'SourceArtifact' }],
        },
      ],
    },
    { name: 'Deploy', actions: [deployAction()] },
  ],
  pipelineType: 'V2',
  triggers: [{ providerType: 'CodeStarSourceConnection', gitConfiguration: { sourceActionName: 'Fetch', ...git } }],
});

describe('a declaration with triggers', () => {
  const branches = { includes: ['main'] };
  const notValid = /^InvalidStructureException: The trigger configuration for the source action is not valid/;
  it.each([
    ['tags beside branches', { push: [{ tags: branches, branches }] }, notValid],
    ['file paths without branches', { push: [{ filePaths: branches }] }, notValid],
    ['an empty push filter', { push: [{}] }, notValid],
    ['neither push nor pull request', {}, notValid],
    ['a pull request filter without branches', { pullRequest: [{ events: ['OPEN' as const] }] }, notValid],
    ['a filter without patterns', { push: [{ branches: {} }] }, notValid],
    ['a broken glob', { push: [{ branches: { includes: ['a{b'] } }] }, notValid],
    ['an unknown event', { pullRequest: [{ events: ['MERGED' as 'OPEN'], branches }] }, /^ValidationException.*enum/],
    ['nine patterns', { push: [{ branches: { includes: Array(9).fill('a') } }] }, /^ValidationException.*equal to 8/],
    ['four filters', { push: Array(4).fill({ branches }) }, /^ValidationException.*equal to 3/],
    [
      'another action',
      { sourceActionName: 'Upload', push: [{ branches }] },
      /^InvalidStructureException: Triggers for connection must reference a CodeStarSourceConnection action/,
    ],
  ])('[codepipeline.trigger.combinations] is refused with %s', async (_what, git, why) => {
    expect(await refusal(create(cloud, triggered(git)))).toMatch(why);
  });

  it('[codepipeline.trigger.one-per-source] is refused with two triggers for one source action', async () => {
    const declaration = triggered({ push: [{ branches }] });
    const twice = { ...declaration, triggers: [...(declaration.triggers ?? []), ...(declaration.triggers ?? [])] };
    expect(await refusal(create(cloud, twice))).toMatch(/^InvalidStructureException.*more than one trigger per source/);
  });

  it('[codepipeline.trigger.v2] is refused as V1', async () => {
    const declaration: PipelineDeclaration = { ...triggered({ push: [{ branches }] }), pipelineType: 'V1' };
    expect(await refusal(create(cloud, declaration))).toMatch(/^InvalidStructureException: Triggers can only be used/);
  });

  it('is answered by GetPipeline as it was given, and makes the pipeline V2', async () => {
    const { pipelineType: _, ...declaration } = triggered({
      push: [{ branches, filePaths: { excludes: ['docs/**'] } }],
    });
    await create(cloud, declaration);
    const { pipeline } = await cloud.call<{ pipeline: PipelineDeclaration }>('codepipeline', 'GetPipeline', {
      name: 'checkout',
    });
    expect(pipeline).toMatchObject({ triggers: declaration.triggers, pipelineType: 'V2' });
  });
});
