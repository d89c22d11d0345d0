import { unzipSync, strFromU8 } from 'fflate';
import type { ActionDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { gitRepository, type GitRepository } from '../../support/git-repository.ts';
import { action, create, deployAction, execution, pipelineCloud, pipelineOf, refusal, start } from './fixture.ts';

const connection = 'arn:aws:codestar-connections:us-east-1:123456789012:connection/1';

let repository: GitRepository;
let cloud: TestCloud;
beforeEach(async () => {
  repository = gitRepository();
  const sourceRepositories = { 'acme/shop': repository.folder, shop: repository.folder };
  cloud = await pipelineCloud({ sourceRepositories });
});
afterEach(async () => {
  await cloud.close();
  repository.remove();
});

const source = (provider: string, configuration: Record<string, string>): ActionDeclaration => ({
  name: 'Fetch',
  actionTypeId: { category: 'Source', owner: 'AWS', provider, version: '1' },
  configuration,
  outputArtifacts: [{ name: 'SourceArtifact' }],
});
const connectionSource = (changes: Record<string, string> = {}) =>
  source('CodeStarSourceConnection', {
    ConnectionArn: connection,
    FullRepositoryId: 'acme/shop',
    BranchName: 'main',
    ...changes,
  });
const commitSource = (changes: Record<string, string> = {}) =>
  source('CodeCommit', { RepositoryName: 'shop', BranchName: 'main', PollForSourceChanges: 'false', ...changes });
const pipeline = (fetch: ActionDeclaration) => {
  const declaration = pipelineOf({ Deploy: [deployAction()] });
  return { ...declaration, stages: [{ name: 'Source', actions: [fetch] }, ...(declaration.stages ?? []).slice(1)] };
};

const filesOf = async (id: string): Promise<Record<string, string>> => {
  const place = (await action(cloud, id, 'Fetch')).output?.outputArtifacts?.[0]?.s3location;
  const { Body } = await cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', {
    Bucket: place?.bucket,
    Key: place?.key,
  });
  return Object.fromEntries(Object.entries(unzipSync(Body)).map(([name, bytes]) => [name, strFromU8(bytes)]));
};

describe('a CodeStarSourceConnection source', () => {
  it('[codepipeline.connection-source.outputs] takes the tip of the branch with its documented variables', async () => {
    const commit = repository.commit({ 'index.html': 'one' }, 'First page');
    await create(cloud, pipeline(connectionSource()));
    const id = await start(cloud);
    expect(await filesOf(id)).toEqual({ 'index.html': 'one' });
    expect((await action(cloud, id, 'Fetch')).output?.outputVariables).toEqual({
      AuthorDate: '2026-01-05T09:00:00Z',
      BranchName: 'main',
      CommitId: commit,
      CommitMessage: 'First page',
      ConnectionArn: connection,
      FullRepositoryName: 'acme/shop',
    });
    expect(await execution(cloud, id)).toMatchObject({
      status: 'Succeeded',
      artifactRevisions: [{ name: 'SourceArtifact', revisionId: commit, revisionSummary: 'First page' }],
    });
  });

  it('[codepipeline.connection-source.commit-id] takes the commit that the start asks for', async () => {
    const first = repository.commit({ 'index.html': 'one' });
    repository.commit({ 'index.html': 'two' });
    await create(cloud, pipeline(connectionSource()));
    const sourceRevisions = [{ actionName: 'Fetch', revisionType: 'COMMIT_ID', revisionValue: first }];
    expect(await filesOf(await start(cloud, { sourceRevisions }))).toEqual({ 'index.html': 'one' });
  });

  it('[codepipeline.connection-source.missing-branch] fails with the words of git for a branch that is not there', async () => {
    repository.commit({ a: 'a' });
    await create(cloud, pipeline(connectionSource({ BranchName: '--output=x' })));
    const id = await start(cloud);
    expect((await action(cloud, id, 'Fetch')).output?.executionResult?.errorDetails).toMatchObject({
      code: 'RevisionUnavailable',
      message: expect.stringContaining('refs/heads/--output=x'),
    });
  });

  it.each([
    [
      '[codepipeline.connection-source.mapped]',
      { FullRepositoryId: 'acme/other' },
      /NotImplemented.*acme\/other.*--source-repo acme\/other=DIR/,
    ],
    [
      '[codepipeline.connection-source.format]',
      { OutputArtifactFormat: 'CODEBUILD_CLONE_REF' },
      /NotImplemented.*CODEBUILD_CLONE_REF/,
    ],
    [
      '[codepipeline.connection-source.arn]',
      { ConnectionArn: 'mine' },
      /^InvalidActionDeclarationException.*ConnectionArn/,
    ],
  ])('%s is refused at creation otherwise', async (_id, changes, message) => {
    expect(await refusal(create(cloud, pipeline(connectionSource(changes as Record<string, string>))))).toMatch(
      message,
    );
  });
});

describe('a CodeCommit source', () => {
  it('[codepipeline.codecommit-source.outputs] takes the tip of the branch with its documented variables', async () => {
    const commit = repository.commit({ 'index.html': 'one' }, 'First page');
    await create(cloud, pipeline(commitSource()));
    const id = await start(cloud);
    expect((await action(cloud, id, 'Fetch')).output?.outputVariables).toEqual({
      AuthorDate: '2026-01-05T09:00:00Z',
      BranchName: 'main',
      CommitId: commit,
      CommitMessage: 'First page',
      CommitterDate: '2026-01-05T09:00:00Z',
      RepositoryName: 'shop',
    });
  });
});

describe('an ECR source', () => {
  const push = (digest: string, result = 'SUCCESS') =>
    cloud.context.deliverEvent({
      source: 'aws.ecr',
      'detail-type': 'ECR Image Action',
      resources: [],
      detail: {
        result,
        'repository-name': 'web',
        'image-digest': digest,
        'action-type': 'PUSH',
        'image-tag': 'latest',
      },
    });

  beforeEach(() => create(cloud, pipeline(source('ECR', { RepositoryName: 'web' }))));

  it('[codepipeline.ecr-source.event] takes the image that was pushed last, with its documented variables', async () => {
    push('sha256:11');
    push('sha256:22');
    push('sha256:33', 'FAILURE');
    const id = await start(cloud);
    const uri = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:22';
    expect((await action(cloud, id, 'Fetch')).output?.outputVariables).toEqual({
      RegistryId: '123456789012',
      RepositoryName: 'web',
      ImageTag: 'latest',
      ImageDigest: 'sha256:22',
      ImageURI: uri,
    });
    expect(JSON.parse((await filesOf(id))['imageDetail.json'] ?? '')).toMatchObject({ ImageURI: uri });
  });

  it('[codepipeline.ecr-source.digest] takes the image that the start asks for, and fails without any', async () => {
    const none = await start(cloud);
    expect(await execution(cloud, none)).toMatchObject({ status: 'Failed' });
    const sourceRevisions = [{ actionName: 'Fetch', revisionType: 'IMAGE_DIGEST', revisionValue: 'sha256:44' }];
    const id = await start(cloud, { sourceRevisions });
    expect((await action(cloud, id, 'Fetch')).output?.outputVariables).toMatchObject({ ImageDigest: 'sha256:44' });
  });
});
