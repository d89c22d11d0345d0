import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionDeclaration, PipelineDeclaration, PipelineTriggerDeclaration } from '@aws-sdk/client-codepipeline';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { gitRepository, type GitRepository } from '../../support/git-repository.ts';
import { action, create, deployAction, execution, pipelineCloud, pipelineOf, start } from './fixture.ts';

const connection = 'arn:aws:codestar-connections:us-east-1:123456789012:connection/1';

let repository: GitRepository;
let cloud: TestCloud;
beforeEach(async () => {
  repository = gitRepository();
  cloud = await pipelineCloud({ sourceRepositories: { 'acme/shop': repository.folder } });
});
afterEach(async () => {
  await cloud.close();
  repository.remove();
});

const source = (configuration: Record<string, string> = {}): ActionDeclaration => ({
  name: 'Fetch',
  actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' },
  configuration: { ConnectionArn: connection, FullRepositoryId: 'acme/shop', BranchName: 'main', ...configuration },
  outputArtifacts: [{ name: 'SourceArtifact' }],
});
const triggered = (
  git: Partial<PipelineTriggerDeclaration['gitConfiguration']>,
  sources: ActionDeclaration[] = [source()],
): PipelineDeclaration => ({
  ...pipelineOf({ Deploy: [deployAction()] }),
  stages: [
    { name: 'Source', actions: sources },
    { name: 'Deploy', actions: [deployAction()] },
  ],
  pipelineType: 'V2',
  triggers: [{ providerType: 'CodeStarSourceConnection', gitConfiguration: { sourceActionName: 'Fetch', ...git } }],
});
const untriggered = (...sources: ActionDeclaration[]): PipelineDeclaration => {
  const { triggers: _, ...rest } = triggered({}, sources);
  return rest;
};

/** Creates a pipeline, and waits for the first look at the folder. */
const open = async (declaration: PipelineDeclaration) => {
  await create(cloud, declaration);
  await cloud.timers.settled();
};
/** The executions there are once a look has found what was pushed, oldest first. */
const found = async (): Promise<{ id: string; trigger: object }[]> => {
  await cloud.advance(60_000);
  const output = await cloud.call<{ pipelineExecutionSummaries: { pipelineExecutionId: string; trigger: object }[] }>(
    'codepipeline',
    'ListPipelineExecutions',
    { pipelineName: 'checkout' },
  );
  return output.pipelineExecutionSummaries
    .map(({ pipelineExecutionId: id, trigger }) => ({ id, trigger }))
    .toReversed();
};
const variables = async (id: string | undefined) => (await action(cloud, id ?? '', 'Fetch')).output?.outputVariables;

describe('a source with a connection and no trigger', () => {
  it('[codepipeline.connection-source.detects] starts its pipeline for a push to its branch', async () => {
    repository.commit({ a: '1' });
    await open(untriggered(source()));
    expect(await found()).toEqual([]);
    const commit = repository.commit({ a: '2' });
    const [only, ...more] = await found();
    expect(more).toEqual([]);
    expect(only?.trigger).toEqual({ triggerType: 'WebhookV2', triggerDetail: connection });
    expect(await variables(only?.id)).toMatchObject({ CommitId: commit, BranchName: 'main' });
    expect(cloud.reported).toContain(
      `pipeline checkout: started by a push to main of acme/shop (${commit.slice(0, 12)})`,
    );
    expect(cloud.reported).toContain('pipeline checkout: Succeeded');
    expect(cloud.delivered).toContainEqual(
      expect.objectContaining({
        detail: expect.objectContaining({
          state: 'STARTED',
          'execution-trigger': { 'trigger-type': 'WebhookV2', 'trigger-detail': connection },
        }),
      }),
    );
    repository.git('switch', '-q', '-c', 'other');
    repository.commit({ a: '3' });
    expect(await found()).toHaveLength(1);
  });

  it('[codepipeline.connection-source.detect-changes] starts nothing where DetectChanges is false', async () => {
    repository.commit({ a: '1' });
    await open(untriggered(source({ DetectChanges: 'false' })));
    repository.commit({ a: '2' });
    expect(await found()).toEqual([]);
  });

  it('starts for the first commit of a repository that was empty', async () => {
    await open(untriggered(source()));
    repository.commit({ a: '1' });
    expect(await found()).toHaveLength(1);
  });
});

describe('a trigger', () => {
  it('[codepipeline.trigger.default-off] replaces the default, and fetches the commit of the branch that was pushed', async () => {
    repository.commit({ a: '1' });
    await open(triggered({ push: [{ branches: { includes: ['feature/**'] } }] }));
    repository.commit({ a: '2' });
    expect(await found()).toEqual([]);
    repository.git('switch', '-q', '-c', 'feature/x');
    const commit = repository.commit({ a: 'three' });
    const [only] = await found();
    expect(only?.trigger).toEqual({ triggerType: 'WebhookV2', triggerDetail: connection });
    expect(await variables(only?.id)).toMatchObject({ CommitId: commit, BranchName: 'feature/x' });
    expect(await execution(cloud, only?.id ?? '')).toMatchObject({
      status: 'Succeeded',
      artifactRevisions: [{ name: 'SourceArtifact', revisionId: commit }],
    });
    const place = (await action(cloud, only?.id ?? '', 'Fetch')).output?.outputArtifacts?.[0]?.s3location;
    const { Body } = await cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', {
      Bucket: place?.bucket,
      Key: place?.key,
    });
    expect(strFromU8(unzipSync(Body)['a'] ?? new Uint8Array())).toBe('three');
  });

  it('[codepipeline.trigger.manual-start] leaves a start by hand with the branch of the action', async () => {
    const commit = repository.commit({ a: '1' });
    await open(triggered({ push: [{ branches: { includes: ['feature/**'] } }] }));
    repository.git('switch', '-q', '-c', 'feature/x');
    repository.commit({ a: '2' });
    expect(await variables(await start(cloud))).toMatchObject({ CommitId: commit, BranchName: 'main' });
  });

  it('starts for each tag and branch that was pushed, with the files that the push changed', async () => {
    repository.commit({ 'app/a': '1', 'docs/a': '1' });
    await open(
      triggered({
        push: [
          { tags: { includes: ['v*'] } },
          { branches: { includes: ['main'] }, filePaths: { includes: ['app/**'] } },
        ],
      }),
    );
    repository.commit({ 'docs/a': '2' });
    expect(await found()).toHaveLength(0);
    repository.commit({ 'app/a': '2' });
    repository.commit({ 'docs/a': '3' });
    expect(await found()).toHaveLength(1);
    repository.git('tag', '-m', 'first', 'v1');
    repository.git('tag', 'draft');
    const [, second, ...more] = await found();
    expect(more).toEqual([]);
    expect(await variables(second?.id)).toMatchObject({ CommitId: repository.git('rev-parse', 'HEAD') });
  });

  it('[codepipeline.trigger.pull-request-source] starts for a pull request with the commit and branch that it comes from', async () => {
    repository.commit({ a: '1' });
    await open(triggered({ pullRequest: [{ events: ['OPEN', 'CLOSED'], branches: { includes: ['main'] } }] }));
    repository.git('switch', '-q', '-c', 'fix');
    const commit = repository.commit({ a: '2' });
    repository.git('update-ref', 'refs/pull/7/head', commit);
    const [opened] = await found();
    expect(await variables(opened?.id)).toMatchObject({ CommitId: commit, BranchName: 'fix' });
    repository.git('update-ref', 'refs/pull/7/head', repository.commit({ a: '3' }));
    expect(await found()).toHaveLength(1);
    repository.git('update-ref', '-d', 'refs/pull/7/head');
    expect(await found()).toHaveLength(2);
    repository.git('update-ref', 'refs/pull/8/head', commit);
    repository.git('symbolic-ref', 'refs/pull/8/base', 'refs/heads/fix');
    expect(await found()).toHaveLength(2);
  });

  it('[codepipeline.trigger.restart] neither loses a push over a restart nor takes one twice', async () => {
    repository.commit({ a: '1' });
    await open(triggered({ push: [{ branches: { includes: ['main'] } }] }));
    repository.commit({ a: '2' });
    expect(await found()).toHaveLength(1);
    repository.commit({ a: '3' });
    cloud = await cloud.restart();
    await cloud.timers.settled();
    expect(await found()).toHaveLength(2);
    cloud = await cloud.restart();
    expect(await found()).toHaveLength(2);
  });

  it('follows an update, and nothing after the pipeline is deleted', async () => {
    repository.commit({ a: '1' });
    await open(untriggered(source({ DetectChanges: 'false' })));
    const pipeline = triggered({ push: [{ branches: { includes: ['main'] } }] });
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline });
    await cloud.timers.settled();
    repository.commit({ a: '2' });
    expect(await found()).toHaveLength(1);
    await cloud.call('codepipeline', 'DeletePipeline', { name: 'checkout' });
    await cloud.timers.settled();
    repository.commit({ a: '3' });
    await open(pipeline);
    expect(await found()).toHaveLength(0);
  });

  it('says why a push cannot start its pipeline', async () => {
    repository.commit({ a: '1' });
    const declaration = triggered({ push: [{ branches: { includes: ['main'] } }] });
    await open({ ...declaration, variables: [{ name: 'ring' }] });
    repository.commit({ a: '2' });
    expect(await found()).toEqual([]);
    expect(cloud.reported.join('\n')).toMatch(/checkout: not started by a push to main .*'ring' has no default/);
  });

  it('says why a pipeline that a push has started failed', async () => {
    repository.commit({ a: '1' });
    await open(triggered({ push: [{ tags: { includes: ['v*'] } }] }));
    repository.git('tag', 'v1', 'HEAD^{tree}');
    await found();
    expect(cloud.reported.join('\n')).toMatch(
      /pipeline checkout: Failed \(Source\/Fetch: .*cannot be fetched: .*commit/,
    );
  });

  it('says that no folder stands any more for the source of a pipeline of an earlier start', async () => {
    await cloud.close();
    const sourceRepositories: Record<string, string> = { 'acme/shop': repository.folder };
    cloud = await pipelineCloud({ sourceRepositories });
    await open(untriggered(source()));
    delete sourceRepositories['acme/shop'];
    cloud = await cloud.restart();
    expect(await found()).toEqual([]);
    expect(cloud.reported).toEqual([
      'pipeline checkout: pushes do not start it, no folder stands for its source (--source-repo acme/shop=DIR)',
    ]);
  });

  it('takes other pushes beside one whose files git cannot tell', async () => {
    const branches = { includes: ['main'] };
    repository.commit({ a: '1' });
    await open(triggered({ push: [{ branches }], pullRequest: [{ branches, filePaths: { includes: ['**'] } }] }));
    repository.git('switch', '-q', '-c', 'fix');
    repository.git('update-ref', 'refs/pull/1/head', repository.commit({ b: '1' }));
    const tree = repository.git('rev-parse', 'HEAD^{tree}');
    repository.git('switch', '-q', 'main');
    rmSync(join(repository.folder, '.git/objects', tree.slice(0, 2), tree.slice(2)));
    repository.commit({ a: '2' });
    expect(await found()).toHaveLength(1);
    expect(cloud.reported.join('\n')).toMatch(/acme\/shop: the files of opened pull request 1 cannot be told/);
  });

  it('says once that the folder is no repository', async () => {
    await cloud.close();
    cloud = await pipelineCloud({ sourceRepositories: { 'acme/shop': cloud.context.folder } });
    await open(untriggered(source()));
    await found();
    await found();
    expect(cloud.reported.filter((line) => line.includes('acme/shop cannot be looked at'))).toHaveLength(1);
  });

  it('comes from a template', async () => {
    await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', {
      Name: 'checkout',
      RoleArn: 'arn:aws:iam::123456789012:role/pipeline',
      PipelineType: 'V2',
      ArtifactStore: { Type: 'S3', Location: 'artifacts' },
      Triggers: [
        {
          ProviderType: 'CodeStarSourceConnection',
          GitConfiguration: { SourceActionName: 'Fetch', Push: [{ Branches: { Includes: ['main'] } }] },
        },
      ],
      Stages: [
        {
          Name: 'Source',
          Actions: [
            {
              Name: 'Fetch',
              ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'CodeStarSourceConnection', Version: '1' },
              Configuration: { ConnectionArn: connection, FullRepositoryId: 'acme/shop', BranchName: 'main' },
              OutputArtifacts: [{ Name: 'SourceArtifact' }],
            },
          ],
        },
        {
          Name: 'Deploy',
          Actions: [
            {
              Name: 'Upload',
              ActionTypeId: { Category: 'Deploy', Owner: 'AWS', Provider: 'S3', Version: '1' },
              Configuration: { BucketName: 'site', Extract: true },
              InputArtifacts: [{ Name: 'SourceArtifact' }],
            },
          ],
        },
      ],
    });
    await cloud.timers.settled();
    repository.commit({ a: '1' });
    expect(await found()).toHaveLength(1);
  });
});
