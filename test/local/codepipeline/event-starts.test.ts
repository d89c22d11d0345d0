import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionDeclaration, PipelineExecutionSummary } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLocalCloud, type LocalCloud, type ServiceEvent } from '../../../local/public.ts';
import { gitRepository, type GitRepository } from '../../support/git-repository.ts';
import { deployAction, pipelineOf } from './fixture.ts';

const rule = 'arn:aws:events:us-east-1:123456789012:rule/started';

let folder: string;
let repository: GitRepository;
let cloud: LocalCloud;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-events-'));
  repository = gitRepository();
  cloud = await startLocalCloud({
    folder,
    clock: { kind: 'virtual', startMs: Date.UTC(2026, 0, 5) },
    report: () => undefined,
    isAuthorizing: false,
    codePipeline: { sourceRepositories: { shop: repository.folder } },
  });
  for (const Bucket of ['artifacts', 'site']) await cloud.call('s3', 'CreateBucket', { Bucket });
});
afterEach(async () => {
  await cloud.stop();
  repository.remove();
  rmSync(folder, { recursive: true, force: true });
});

const source = (provider: string, configuration: Record<string, string>): ActionDeclaration => ({
  name: 'Fetch',
  actionTypeId: { category: 'Source', owner: 'AWS', provider, version: '1' },
  configuration,
  outputArtifacts: [{ name: 'SourceArtifact' }],
});
const commits = (changes: Record<string, string> = {}) =>
  source('CodeCommit', { RepositoryName: 'shop', BranchName: 'main', PollForSourceChanges: 'false', ...changes });

/** A pipeline with a rule that starts it, as the CDK makes them for sources. */
const open = async (fetch: ActionDeclaration, pattern: object, target: object = {}) => {
  const pipeline = {
    ...pipelineOf({}),
    stages: [
      { name: 'Source', actions: [fetch] },
      { name: 'Deploy', actions: [deployAction()] },
    ],
  };
  await cloud.call('codepipeline', 'CreatePipeline', { pipeline });
  await cloud.call('events', 'PutRule', { Name: 'started', EventPattern: JSON.stringify(pattern) });
  const Arn = 'arn:aws:codepipeline:us-east-1:123456789012:checkout';
  const RoleArn = 'arn:aws:iam::123456789012:role/rule';
  await cloud.call('events', 'PutTargets', { Rule: 'started', Targets: [{ Id: 'pipeline', Arn, RoleArn, ...target }] });
  await cloud.settled();
};
const executions = async (): Promise<PipelineExecutionSummary[]> => {
  await cloud.advance('1m');
  const answer = await cloud.call('codepipeline', 'ListPipelineExecutions', { pipelineName: 'checkout' });
  // The output of ListPipelineExecutions.
  return (answer as { pipelineExecutionSummaries: PipelineExecutionSummary[] }).pipelineExecutionSummaries;
};
const changes = {
  source: ['aws.codecommit'],
  'detail-type': ['CodeCommit Repository State Change'],
  resources: ['arn:aws:codecommit:us-east-1:123456789012:shop'],
  detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'], referenceName: ['main'] },
};

describe('a rule with a pipeline as its target', () => {
  it('[codepipeline.start.event] starts it, and is what triggered it', async () => {
    repository.commit({ a: '1' });
    await open(source('ECR', { RepositoryName: 'web' }), { source: ['aws.ecr'] });
    const event: ServiceEvent = {
      ...{ source: 'aws.ecr', 'detail-type': 'ECR Image Action', resources: [] },
      detail: {
        ...{ result: 'SUCCESS', 'action-type': 'PUSH' },
        ...{ 'repository-name': 'web', 'image-digest': 'sha256:11', 'image-tag': 'latest' },
      },
    };
    cloud.deliver(event);
    const [only, ...more] = await executions();
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      status: 'Succeeded',
      trigger: { triggerType: 'CloudWatchEvent', triggerDetail: rule },
      sourceRevisions: [{ actionName: 'Fetch', revisionId: 'sha256:11' }],
    });
  });

  it('[codepipeline.start.event-revision] takes the source revision that its input transformer gives', async () => {
    const first = repository.commit({ a: '1' });
    repository.commit({ a: '2' });
    const revision = { actionName: 'Fetch', revisionType: 'COMMIT_ID', revisionValue: '<commit>' };
    const InputTransformer = {
      InputPathsMap: { commit: '$.detail.commit' },
      InputTemplate: JSON.stringify({ sourceRevisions: revision }).replace('"<commit>"', '<commit>'),
    };
    await open(commits(), { source: ['acme'] }, { InputTransformer });
    const entry = { Source: 'acme', DetailType: 'ready', Detail: JSON.stringify({ commit: first }) };
    await cloud.call('events', 'PutEvents', { Entries: [entry] });
    expect(await executions()).toMatchObject([{ sourceRevisions: [{ revisionId: first }] }]);
  });
});

it('a rule with a pipeline as its target is refused without a role', async () => {
  await expect(
    open(source('ECR', { RepositoryName: 'web' }), { source: ['aws.ecr'] }, { RoleArn: undefined }),
  ).rejects.toThrow('RoleArn is required for target arn:aws:codepipeline:us-east-1:123456789012:checkout.');
});

it('a schedule with a pipeline as its target starts it', async () => {
  repository.commit({ a: '1' });
  await open(commits(), { source: ['nothing'] });
  const Arn = 'arn:aws:codepipeline:us-east-1:123456789012:checkout';
  await cloud.call('scheduler', 'CreateSchedule', {
    ...{ Name: 'nightly', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' } },
    Target: { Arn, RoleArn: 'arn:aws:iam::123456789012:role/schedule' },
  });
  await cloud.advance('70m');
  expect((await executions())[0]).toMatchObject({
    status: 'Succeeded',
    trigger: { triggerType: 'StartPipelineExecution', triggerDetail: expect.stringContaining('assumed-role/schedule') },
  });
});

describe('a source of CodeCommit that is not polled', () => {
  it('[codepipeline.codecommit-source.event] tells of pushes on the default bus, where rules start its pipeline', async () => {
    repository.commit({ a: '1' });
    await open(commits(), changes);
    expect(await executions()).toEqual([]);
    const commit = repository.commit({ a: '2' });
    repository.git('switch', '-q', '-c', 'other');
    repository.commit({ a: '3' });
    expect(await executions()).toMatchObject([
      { trigger: { triggerType: 'CloudWatchEvent', triggerDetail: rule }, sourceRevisions: [{ revisionId: commit }] },
    ]);
  });
});
