import { CodePipeline, type PipelineDeclaration, type StageDeclaration } from '@aws-sdk/client-codepipeline';
import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { zipOf } from '../codepipeline/fixture.ts';
import { tour, type World } from './tour.ts';

const trusting = (service: string) => ({
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const everything = {
  PolicyName: 'all',
  PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};
const resources = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      ...{ RoleName: 'pipeline', AssumeRolePolicyDocument: trusting('codepipeline.amazonaws.com') },
      Policies: [everything],
    },
  },
  Source: {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: 'tour-source', VersioningConfiguration: { Status: 'Enabled' } },
  },
  Artifacts: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'tour-artifacts' } },
};

const approve: StageDeclaration = {
  name: 'Ask',
  actions: [{ name: 'Ask', actionTypeId: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' } }],
};
const rig = (provider: string) => ({ category: 'Test', owner: 'Custom', provider, version: '1' }) as const;
const tryOn = (provider: string): StageDeclaration => ({
  name: 'Try',
  actions: [{ name: 'Try', actionTypeId: rig(provider) }],
});

/** A pipeline whose source has an object of its own. */
function pipelineOf(name: string, ...stages: StageDeclaration[]): PipelineDeclaration {
  const source = {
    name: 'Fetch',
    actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' } as const,
    configuration: { S3Bucket: 'tour-source', S3ObjectKey: `${name}.zip`, PollForSourceChanges: 'false' },
    outputArtifacts: [{ name: 'Source' }],
  };
  return {
    ...{ name, roleArn: 'arn:aws:iam::123456789012:role/pipeline', pipelineType: 'V2' },
    artifactStore: { type: 'S3', location: 'tour-artifacts' },
    stages: [{ name: 'Source', actions: [source] }, ...stages],
  };
}

/** Makes a pipeline with its source, which starts it, as the creation does on AWS. */
async function create(pipelines: CodePipeline, world: World, pipeline: PipelineDeclaration): Promise<void> {
  const Key = `${pipeline.name}.zip`;
  await world.client(S3).putObject({ Bucket: 'tour-source', Key, Body: zipOf({ a: 'a' }) });
  await pipelines.createPipeline({ pipeline });
}

async function start(pipelines: CodePipeline, { cloud }: World, name: string, value?: string): Promise<string> {
  const variables = value === undefined ? {} : { variables: [{ name: 'go', value }] };
  const { pipelineExecutionId = '' } = await pipelines.startPipelineExecution({ name, ...variables });
  await cloud.settled();
  return pipelineExecutionId;
}

async function statusOf(pipelines: CodePipeline, pipelineName: string, pipelineExecutionId: string) {
  const { pipelineExecution } = await pipelines.getPipelineExecution({ pipelineName, pipelineExecutionId });
  return pipelineExecution?.status;
}

async function makeActionType(pipelines: CodePipeline, provider: string): Promise<void> {
  const none = { minimumCount: 0, maximumCount: 0 };
  const artifacts = { inputArtifactDetails: none, outputArtifactDetails: none };
  await pipelines.createCustomActionType({ category: 'Test', provider, version: '1', ...artifacts });
}

/** Takes the job of a custom action as a worker does. */
async function takeJob(pipelines: CodePipeline, provider: string): Promise<string> {
  const { jobs = [] } = await pipelines.pollForJobs({ actionTypeId: rig(provider) });
  const { id: jobId = '', nonce } = jobs[0] ?? {};
  expect(await pipelines.acknowledgeJob({ jobId, nonce })).toMatchObject({ status: 'InProgress' });
  return jobId;
}

tour(
  { service: 'codepipeline', client: CodePipeline, resources, onlyRefusing: ['GetActionType', 'UpdateActionType'] },
  {
    'makes, changes, lists and deletes pipelines': async (pipelines, world) => {
      const name = 'first';
      await create(pipelines, world, pipelineOf(name, approve));
      const { pipeline } = await pipelines.updatePipeline({ pipeline: pipelineOf(name, approve) });
      expect(pipeline?.version).toBe(2);
      expect((await pipelines.getPipeline({ name })).pipeline).toMatchObject({ name, version: 2 });
      const { pipelines: listed = [] } = await pipelines.listPipelines({});
      expect(listed.map((each) => each.name)).toContain(name);
      await pipelines.deletePipeline({ name });
      await expect(pipelines.getPipeline({ name })).rejects.toMatchObject({ name: 'PipelineNotFoundException' });
    },
    'takes a revision that is reported of a source': async (pipelines, world) => {
      const pipelineName = 'reported';
      await create(pipelines, world, pipelineOf(pipelineName, approve));
      const { VersionId: revisionId } = await world
        .client(S3)
        .headObject({ Bucket: 'tour-source', Key: `${pipelineName}.zip` });
      const actionRevision = { revisionId, revisionChangeId: '1', created: new Date(0) };
      const place = { pipelineName, stageName: 'Source', actionName: 'Fetch' };
      const { newRevision, pipelineExecutionId = '' } = await pipelines.putActionRevision({ ...place, actionRevision });
      await world.cloud.settled();
      const { pipelineExecution } = await pipelines.getPipelineExecution({ pipelineName, pipelineExecutionId });
      expect(newRevision === (pipelineExecution?.trigger?.triggerType === 'PutActionRevision')).toBe(true);
      expect(pipelineExecution?.artifactRevisions).toMatchObject([{ revisionId }]);
    },
    'tags a pipeline': async (pipelines, world) => {
      await create(pipelines, world, pipelineOf('tagged', approve));
      const resourceArn = 'arn:aws:codepipeline:us-east-1:123456789012:tagged';
      await pipelines.tagResource({ resourceArn, tags: [{ key: 'team', value: 'a' }] });
      expect((await pipelines.listTagsForResource({ resourceArn })).tags).toEqual([{ key: 'team', value: 'a' }]);
      await pipelines.untagResource({ resourceArn, tagKeys: ['team'] });
      expect((await pipelines.listTagsForResource({ resourceArn })).tags).toEqual([]);
    },
    'asks a person, and tells what ran': async (pipelines, world) => {
      const name = 'asking';
      await create(pipelines, world, pipelineOf(name, approve));
      const id = await start(pipelines, world, name);
      const { stageStates = [] } = await pipelines.getPipelineState({ name });
      const token = stageStates[1]?.actionStates?.[0]?.latestExecution?.token;
      const place = { pipelineName: name, stageName: 'Ask', actionName: 'Ask' };
      const result = { status: 'Approved', summary: 'fine' } as const;
      expect((await pipelines.putApprovalResult({ ...place, token, result })).approvedAt).toBeInstanceOf(Date);
      await world.cloud.settled();
      expect(await statusOf(pipelines, name, id)).toBe('Succeeded');
      const { pipelineExecutionSummaries } = await pipelines.listPipelineExecutions({ pipelineName: name });
      expect(pipelineExecutionSummaries?.[0]).toMatchObject({ pipelineExecutionId: id, status: 'Succeeded' });
      const { actionExecutionDetails = [] } = await pipelines.listActionExecutions({ pipelineName: name });
      const { actionExecutionId } = actionExecutionDetails[0] ?? {};
      const { targets } = await pipelines.listDeployActionExecutionTargets({ pipelineName: name, actionExecutionId });
      expect(targets).toEqual([]);
      expect(actionExecutionDetails.map(({ actionName }) => actionName).slice(0, 2)).toEqual(['Ask', 'Fetch']);
    },
    'stops an execution, and rolls a stage back': async (pipelines, world) => {
      const pipelineName = 'rolled';
      await create(pipelines, world, pipelineOf(pipelineName, { ...approve, name: 'Deploy' }));
      const good = await start(pipelines, world, pipelineName);
      const { stageStates = [] } = await pipelines.getPipelineState({ name: pipelineName });
      const token = stageStates[1]?.actionStates?.[0]?.latestExecution?.token;
      const place = { pipelineName, stageName: 'Deploy' };
      const result = { status: 'Approved', summary: '' } as const;
      await pipelines.putApprovalResult({ ...place, actionName: 'Ask', token, result });
      await world.cloud.settled();
      const pipelineExecutionId = await start(pipelines, world, pipelineName);
      await pipelines.stopPipelineExecution({ pipelineName, pipelineExecutionId, abandon: true });
      expect(await statusOf(pipelines, pipelineName, pipelineExecutionId)).toBe('Stopped');
      const rollback = await pipelines.rollbackStage({ ...place, targetPipelineExecutionId: good });
      expect(await statusOf(pipelines, pipelineName, rollback.pipelineExecutionId ?? '')).toBe('InProgress');
    },
    'closes and opens a transition': async (pipelines, world) => {
      const name = 'closed';
      await create(pipelines, world, pipelineOf(name, approve));
      const transition = { pipelineName: name, stageName: 'Ask', transitionType: 'Inbound' } as const;
      await pipelines.disableStageTransition({ ...transition, reason: 'freeze' });
      const closed = await pipelines.getPipelineState({ name });
      expect(closed.stageStates?.[1]?.inboundTransitionState).toMatchObject({
        enabled: false,
        disabledReason: 'freeze',
      });
      await pipelines.enableStageTransition(transition);
      const open = await pipelines.getPipelineState({ name });
      expect(open.stageStates?.[1]?.inboundTransitionState).toMatchObject({ enabled: true });
    },
    'gives jobs to workers, and retries what has failed': async (pipelines, world) => {
      const pipelineName = 'worked';
      await makeActionType(pipelines, 'Rig');
      await create(pipelines, world, pipelineOf(pipelineName, tryOn('Rig')));
      const pipelineExecutionId = await start(pipelines, world, pipelineName);
      const failing = await takeJob(pipelines, 'Rig');
      const { jobDetails } = await pipelines.getJobDetails({ jobId: failing });
      expect(jobDetails?.data?.pipelineContext).toMatchObject({ pipelineName, pipelineExecutionId });
      const failureDetails = { type: 'JobFailed', message: 'no' } as const;
      await pipelines.putJobFailureResult({ jobId: failing, failureDetails });
      await world.cloud.settled();
      expect(await statusOf(pipelines, pipelineName, pipelineExecutionId)).toBe('Failed');
      const retry = { pipelineName, stageName: 'Try', pipelineExecutionId, retryMode: 'FAILED_ACTIONS' } as const;
      expect(await pipelines.retryStageExecution(retry)).toMatchObject({ pipelineExecutionId });
      await world.cloud.settled();
      await pipelines.putJobSuccessResult({ jobId: await takeJob(pipelines, 'Rig') });
      await world.cloud.settled();
      expect(await statusOf(pipelines, pipelineName, pipelineExecutionId)).toBe('Succeeded');
    },
    'has types of actions': async (pipelines) => {
      await makeActionType(pipelines, 'Bench');
      const listed = async () => (await pipelines.listActionTypes({ actionOwnerFilter: 'Custom' })).actionTypes ?? [];
      expect((await listed()).map(({ id }) => id)).toContainEqual(rig('Bench'));
      await pipelines.deleteCustomActionType({ category: 'Test', provider: 'Bench', version: '1' });
      expect((await listed()).map(({ id }) => id)).not.toContainEqual(rig('Bench'));
      const id = { category: 'Deploy', owner: 'ThirdParty', provider: 'Acme', version: '1' } as const;
      const unknown = { name: 'ActionTypeNotFoundException' };
      await expect(pipelines.getActionType(id)).rejects.toMatchObject(unknown);
      const executor = { type: 'JobWorker', configuration: { jobWorkerExecutorConfiguration: {} } } as const;
      const none = { minimumCount: 0, maximumCount: 0 };
      const artifacts = { inputArtifactDetails: none, outputArtifactDetails: none };
      await expect(pipelines.updateActionType({ actionType: { id, executor, ...artifacts } })).rejects.toMatchObject(
        unknown,
      );
    },
    'holds an execution by a condition that a person overrides': async (pipelines, world) => {
      const pipelineName = 'guarded';
      const isGo = {
        name: 'Go',
        ruleTypeId: { category: 'Rule', owner: 'AWS', provider: 'VariableCheck', version: '1' } as const,
        configuration: { Variable: '#{variables.go}', Value: 'yes', Operator: 'EQ' },
      };
      const guarded: StageDeclaration = {
        ...approve,
        beforeEntry: { conditions: [{ result: 'FAIL', rules: [isGo] }] },
      };
      const pipeline = { ...pipelineOf(pipelineName, guarded), variables: [{ name: 'go', defaultValue: 'no' }] };
      await create(pipelines, world, pipeline);
      const pipelineExecutionId = await start(pipelines, world, pipelineName, 'no');
      expect(await statusOf(pipelines, pipelineName, pipelineExecutionId)).toBe('Failed');
      const { ruleExecutionDetails } = await pipelines.listRuleExecutions({ pipelineName });
      expect(ruleExecutionDetails?.[0]).toMatchObject({ ruleName: 'Go', status: 'Failed', pipelineExecutionId });
      const place = { pipelineName, stageName: 'Ask', pipelineExecutionId };
      await pipelines.overrideStageCondition({ ...place, conditionType: 'BEFORE_ENTRY' });
      await world.cloud.settled();
      expect(await statusOf(pipelines, pipelineName, pipelineExecutionId)).toBe('InProgress');
      const { ruleTypes = [] } = await pipelines.listRuleTypes({});
      expect(ruleTypes.map(({ id }) => id?.provider)).toContain('VariableCheck');
    },
  },
);
