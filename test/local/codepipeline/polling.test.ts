import type { ActionDeclaration, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import { gitRepository, type GitRepository } from '../../support/git-repository.ts';
import {
  action,
  create,
  deployAction,
  pipelineCloud,
  pipelineOf,
  putSource,
  refusal,
  sourceAction,
} from './fixture.ts';

let repository: GitRepository;
let cloud: TestCloud;
beforeEach(async () => {
  repository = gitRepository();
  cloud = await pipelineCloud({ sourceRepositories: { shop: repository.folder } });
});
afterEach(async () => {
  await cloud.close();
  repository.remove();
});

const pipeline = (source: ActionDeclaration): PipelineDeclaration => ({
  ...pipelineOf({}),
  stages: [
    { name: 'Source', actions: [source] },
    { name: 'Deploy', actions: [deployAction()] },
  ],
});
const bucket = (changes: Record<string, string> = {}) =>
  sourceAction({ configuration: { S3Bucket: 'source', S3ObjectKey: 'app.zip', ...changes } });
const commits = (changes: Record<string, string> = {}): ActionDeclaration => ({
  name: 'Fetch',
  actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeCommit', version: '1' },
  configuration: { RepositoryName: 'shop', BranchName: 'main', ...changes },
  outputArtifacts: [{ name: 'SourceArtifact' }],
});

/** Creates a pipeline, and waits for the first poll. */
const open = async (source: ActionDeclaration) => {
  await create(cloud, pipeline(source));
  await cloud.timers.settled();
};
/** The executions there are once a poll has found what is new, oldest first. */
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
const polled = { triggerType: 'PollForSourceChanges', triggerDetail: 'Fetch' };

describe('a source of S3', () => {
  it('[codepipeline.s3-source.polling] is polled unless told not to, and starts its pipeline for each new version', async () => {
    await putSource(cloud, { a: '1' });
    await open(bucket());
    expect(await found()).toEqual([]);
    const version = await putSource(cloud, { a: '2' });
    const [only] = await found();
    expect(only?.trigger).toEqual(polled);
    expect((await action(cloud, only?.id ?? '', 'Fetch')).output?.outputVariables).toMatchObject({
      VersionId: version,
    });
    expect(await found()).toHaveLength(1);
    await putSource(cloud, { a: '3' });
    await putSource(cloud, { a: '4' });
    expect(await found()).toHaveLength(2);
  });

  it('starts for an object that was not there when the pipeline was made', async () => {
    await open(bucket({ PollForSourceChanges: 'true' }));
    expect(await found()).toEqual([]);
    await putSource(cloud, { a: '1' });
    expect(await found()).toHaveLength(1);
  });

  it('[codepipeline.s3-source.no-polling] starts nothing with PollForSourceChanges false', async () => {
    await open(bucket({ PollForSourceChanges: 'false' }));
    await putSource(cloud, { a: '1' });
    expect(await found()).toEqual([]);
  });

  it('takes the object that an update names as known', async () => {
    await putSource(cloud, { a: '1' }, 'app.zip');
    await putSource(cloud, { a: '1' }, 'other.zip');
    await open(bucket());
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline: pipeline(bucket({ S3ObjectKey: 'other.zip' })) });
    expect(await found()).toEqual([]);
    await putSource(cloud, { a: '2' }, 'app.zip');
    expect(await found()).toEqual([]);
    await putSource(cloud, { a: '2' }, 'other.zip');
    expect(await found()).toHaveLength(1);
  });

  it('neither loses a version over a restart nor takes one twice', async () => {
    await open(bucket());
    await putSource(cloud, { a: '1' });
    cloud = await cloud.restart();
    expect(await found()).toHaveLength(1);
    cloud = await cloud.restart();
    expect(await found()).toHaveLength(1);
  });

  it('keeps what it knows while its role may not look', async () => {
    await putSource(cloud, { a: '1' });
    await open(bucket());
    cloud.answer('s3', 'HeadObject', () => {
      throw new AwsError('AccessDenied', 'no', { httpStatus: 403 });
    });
    expect(await found()).toEqual([]);
    await putSource(cloud, { a: '2' });
    expect(await found()).toEqual([]);
    cloud.answer('s3', 'HeadObject', () => ({ VersionId: 'next' }));
    expect(await found()).toHaveLength(1);
  });
});

describe('a source of CodeCommit', () => {
  it('[codepipeline.codecommit-source.polling] is polled unless told not to, and starts for pushes to its branch', async () => {
    repository.commit({ a: '1' });
    await open(commits());
    const commit = repository.commit({ a: '2' });
    const [only] = await found();
    expect(only?.trigger).toEqual(polled);
    expect((await action(cloud, only?.id ?? '', 'Fetch')).output?.outputVariables).toMatchObject({ CommitId: commit });
    repository.git('switch', '-q', '-c', 'other');
    repository.commit({ a: '3' });
    expect(await found()).toHaveLength(1);
  });

  it('starts nothing with PollForSourceChanges false', async () => {
    repository.commit({ a: '1' });
    await open(commits({ PollForSourceChanges: 'false' }));
    repository.commit({ a: '2' });
    expect(await found()).toEqual([]);
  });
});

describe('a pipeline that has been inactive for more than 30 days', () => {
  const dayMs = 24 * 60 * 60 * 1000;
  const disabledAt = async () => {
    const answer = await cloud.call<{ metadata: { pollingDisabledAt?: Date } }>('codepipeline', 'GetPipeline', {
      name: 'checkout',
    });
    return answer.metadata.pollingDisabledAt;
  };
  beforeEach(async () => {
    await cloud.close();
    cloud = await pipelineCloud({ sourceRepositories: { shop: repository.folder }, pollIntervalMs: dayMs });
  });

  it('[codepipeline.polling.inactive] is not polled any more until it is started, and says since when', async () => {
    await putSource(cloud, { a: '1' });
    await open(bucket());
    await cloud.advance(30 * dayMs);
    expect(await disabledAt()).toBeUndefined();
    await cloud.advance(dayMs);
    expect(await disabledAt()).toEqual(new Date('2026-02-04T09:00:00Z'));
    await putSource(cloud, { a: '2' });
    await cloud.advance(2 * dayMs);
    expect(await found()).toEqual([]);
    await cloud.call('codepipeline', 'StartPipelineExecution', { name: 'checkout' });
    expect(await disabledAt()).toBeUndefined();
    await putSource(cloud, { a: '3' });
    await cloud.advance(dayMs);
    expect(await found()).toHaveLength(2);
  });

  it('does not start for pushes to CodeCommit either, but one without polling never says so', async () => {
    repository.commit({ a: '1' });
    await open(commits());
    await cloud.advance(31 * dayMs);
    repository.commit({ a: '2' });
    expect(await found()).toEqual([]);
    expect(await disabledAt()).toBeInstanceOf(Date);
    const unpolled = pipeline(commits({ PollForSourceChanges: 'false' }));
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline: unpolled });
    await cloud.advance(31 * dayMs);
    expect(await disabledAt()).toBeUndefined();
  });
});

it.each([
  ['S3', bucket({ PollForSourceChanges: 'maybe' })],
  ['CodeCommit', commits({ PollForSourceChanges: 'maybe' })],
])('[codepipeline.polling.setting] refuses a source of %s that is polled maybe', async (_provider, source) => {
  expect(await refusal(create(cloud, pipeline(source)))).toMatch(
    /^InvalidActionDeclarationException.*PollForSourceChanges to 'true' or 'false', not 'maybe'/,
  );
});
