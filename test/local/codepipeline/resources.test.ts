import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { openCodePipeline } from '../../../local/services/codepipeline/service.ts';
import type { ResourceContext } from '../../../local/template/resource.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import { catchJobs, execution, pipelineCloud, pipelineRole, putSource, refusal, start, state } from './fixture.ts';

const properties: JsonObject = {
  Name: 'checkout',
  RoleArn: pipelineRole,
  PipelineType: 'V2',
  ExecutionMode: 'SUPERSEDED',
  RestartExecutionOnUpdate: false,
  ArtifactStore: {
    Type: 'S3',
    Location: 'artifacts',
    EncryptionKey: { Id: 'arn:aws:kms:us-east-1:123456789012:key/1', Type: 'KMS' },
  },
  Variables: [{ Name: 'ring', DefaultValue: 'inner', Description: 'who gets it' }],
  Tags: [{ Key: 'team', Value: 'checkout' }],
  Stages: [
    {
      Name: 'Source',
      Actions: [
        {
          Name: 'Fetch',
          ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'S3', Version: '1' },
          Configuration: { S3Bucket: 'source', S3ObjectKey: 'app.zip', PollForSourceChanges: false },
          OutputArtifacts: [{ Name: 'SourceArtifact' }],
          Namespace: 'src',
          RunOrder: 1,
        },
      ],
    },
    {
      Name: 'Test',
      Actions: [
        {
          Name: 'Check',
          ActionTypeId: { Category: 'Invoke', Owner: 'AWS', Provider: 'Lambda', Version: '1' },
          Configuration: { FunctionName: 'check', UserParameters: '{"Ring":"#{variables.ring}"}' },
          InputArtifacts: [{ Name: 'SourceArtifact' }],
          RoleArn: 'arn:aws:iam::123456789012:role/action',
          RunOrder: '2',
        },
      ],
    },
  ],
};

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud();
  catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

async function pipeline(): Promise<PipelineDeclaration> {
  const output = await cloud.call<{ pipeline: PipelineDeclaration }>('codepipeline', 'GetPipeline', {
    name: 'checkout',
  });
  return output.pipeline;
}

/** The resource type over the cloud's store; its timers are the cloud's own already. */
function resourceType(options = {}, name = 'AWS::CodePipeline::Pipeline') {
  const context = { ...cloud.context, timers: { ...timersOf(cloud), on: () => undefined } };
  const type = openCodePipeline(context, options).resources?.find((resource) => resource.type === name);
  if (!type) throw new Error('CodePipeline provides no resource type');
  return type;
}

function timersOf({ timers }: TestCloud) {
  return {
    schedule: timers.schedule.bind(timers),
    cancel: timers.cancel.bind(timers),
    start: timers.start.bind(timers),
    stop: timers.stop.bind(timers),
    settled: timers.settled.bind(timers),
    advanceTo: timers.advanceTo.bind(timers),
  };
}

const unnamed: ResourceContext = {
  logicalId: 'Pipeline',
  stackName: 'test',
  stackId: 'test',
  generateName: () => 'test-Pipeline-1234abcd',
  assetPath: () => '',
};

describe('AWS::CodePipeline::Pipeline', () => {
  it('becomes the pipeline that its properties declare', async () => {
    const made = await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', properties);
    expect(made).toEqual({ physicalId: 'checkout', attributes: { Version: '1' } });
    expect(await pipeline()).toEqual({
      name: 'checkout',
      roleArn: pipelineRole,
      version: 1,
      pipelineType: 'V2',
      executionMode: 'SUPERSEDED',
      artifactStore: {
        type: 'S3',
        location: 'artifacts',
        encryptionKey: { id: 'arn:aws:kms:us-east-1:123456789012:key/1', type: 'KMS' },
      },
      variables: [{ name: 'ring', defaultValue: 'inner', description: 'who gets it' }],
      stages: [
        {
          name: 'Source',
          actions: [
            {
              name: 'Fetch',
              actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
              configuration: { S3Bucket: 'source', S3ObjectKey: 'app.zip', PollForSourceChanges: 'false' },
              outputArtifacts: [{ name: 'SourceArtifact' }],
              namespace: 'src',
              runOrder: 1,
            },
          ],
        },
        {
          name: 'Test',
          actions: [
            {
              name: 'Check',
              actionTypeId: { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' },
              configuration: { FunctionName: 'check', UserParameters: '{"Ring":"#{variables.ring}"}' },
              inputArtifacts: [{ name: 'SourceArtifact' }],
              roleArn: 'arn:aws:iam::123456789012:role/action',
              runOrder: 2,
            },
          ],
        },
      ],
    });
  });

  it('runs an action with the action’s own role', async () => {
    await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', properties);
    await start(cloud);
    const invoke = cloud.calls.find(({ request }) => request.operation === 'Invoke');
    expect(invoke?.principal).toMatchObject({ roleArn: 'arn:aws:iam::123456789012:role/action' });
  });

  it('takes a generated name where it has none', async () => {
    const rest = Object.fromEntries(Object.entries(properties).filter(([key]) => key !== 'Name'));
    expect(await resourceType().create(rest, unnamed)).toMatchObject({ physicalId: 'test-Pipeline-1234abcd' });
  });

  it('does not start on creation, unless that is wanted', async () => {
    await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', properties);
    expect((await state(cloud)).stageStates?.[0]).not.toHaveProperty('latestExecution');
    const type = resourceType({ startOnCreate: true });
    await type.create({ ...properties, Name: 'eager' }, unnamed);
    const { pipelineExecutionSummaries } = await cloud.call('codepipeline', 'ListPipelineExecutions', {
      pipelineName: 'eager',
    });
    expect(pipelineExecutionSummaries).toMatchObject([{ trigger: { triggerType: 'CreatePipeline' } }]);
  });

  it('makes a new version when it changes, and only then', async () => {
    const made = await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', properties);
    const id = await start(cloud);
    const type = resourceType();
    expect(await type.update(made, properties, unnamed)).toEqual(made);
    expect(await type.create(properties, unnamed)).toEqual(made);
    expect(await execution(cloud, id)).toMatchObject({ status: 'InProgress' });
    const changed = await type.update(
      made,
      { ...properties, Variables: [{ Name: 'ring', DefaultValue: 'outer' }] },
      unnamed,
    );
    expect(changed).toEqual({ physicalId: 'checkout', attributes: { Version: '2' } });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Cancelled' });
  });

  it('takes its artifact stores by region', async () => {
    const { ArtifactStore: store, ...rest } = properties;
    const stores = [{ Region: 'us-east-1', ArtifactStore: store ?? null }];
    await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', { ...rest, ArtifactStores: stores });
    expect((await pipeline()).artifactStores).toMatchObject({ 'us-east-1': { location: 'artifacts' } });
  });

  it('[codepipeline.resources.tags] has the tags of the template, and keeps those that somebody has added', async () => {
    const resourceArn = 'arn:aws:codepipeline:us-east-1:123456789012:checkout';
    const tags = async () => (await cloud.call('codepipeline', 'ListTagsForResource', { resourceArn }))['tags'];
    const made = await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', properties);
    expect(await tags()).toEqual([{ key: 'team', value: 'checkout' }]);
    const added = { key: 'by-hand', value: 'yes' };
    await cloud.call('codepipeline', 'TagResource', { resourceArn, tags: [added] });
    const id = await start(cloud);
    const changed = { ...properties, Tags: [{ Key: 'ring', Value: '1' }] };
    await resourceType().update(made, changed, { ...unnamed, propertiesBefore: properties });
    expect(await tags()).toEqual([added, { key: 'ring', value: '1' }]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'InProgress', pipelineVersion: 1 });
  });

  it('[codepipeline.resources.transitions] disables the transitions that the template names, until it does not', async () => {
    const DisableInboundStageTransitions = [{ StageName: 'Test', Reason: 'not yet' }];
    const closed = { ...properties, DisableInboundStageTransitions };
    const made = await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', closed);
    const transition = async () => (await state(cloud)).stageStates?.[1]?.inboundTransitionState;
    expect(await transition()).toMatchObject({ enabled: false, disabledReason: 'not yet' });
    const id = await start(cloud);
    await resourceType().update(made, properties, { ...unnamed, propertiesBefore: closed });
    expect(await transition()).toMatchObject({ enabled: true });
    expect((await state(cloud)).stageStates?.[1]?.latestExecution).toMatchObject({ pipelineExecutionId: id });
  });

  it('is gone when it is deleted', async () => {
    const made = await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', properties);
    await resourceType().delete(made, properties, unnamed);
    expect(await refusal(pipeline())).toMatch(/^PipelineNotFoundException/);
  });
});

describe('AWS::CodePipeline::CustomActionType', () => {
  const definition: JsonObject = {
    Category: 'Test',
    Provider: 'Rig',
    Version: '1',
    // CloudFormation takes text for numbers and for true and false.
    ConfigurationProperties: [{ Name: 'Bench', Required: 'true', Key: true, Secret: 'false' }],
    Settings: { EntityUrlTemplate: 'https://rig.test/{Config:Bench}' },
    InputArtifactDetails: { MinimumCount: '0', MaximumCount: '1' },
    OutputArtifactDetails: { MinimumCount: 0, MaximumCount: 0 },
    Tags: [{ Key: 'team', Value: 'checkout' }],
  };
  const customTypes = async () =>
    (await cloud.call('codepipeline', 'ListActionTypes', { actionOwnerFilter: 'Custom' }))['actionTypes'];

  it('[codepipeline.resources.custom-action-type] becomes a custom action type with its tags, and goes again', async () => {
    const made = await cloud.provision('AWS::CodePipeline::CustomActionType', 'Rig', definition);
    expect(made.physicalId).toBe('Test/Rig/1');
    expect(await customTypes()).toMatchObject([
      {
        id: { category: 'Test', owner: 'Custom', provider: 'Rig', version: '1' },
        settings: { entityUrlTemplate: 'https://rig.test/{Config:Bench}' },
        actionConfigurationProperties: [{ name: 'Bench', required: true, key: true, secret: false }],
        inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
      },
    ]);
    const type = resourceType({}, 'AWS::CodePipeline::CustomActionType');
    expect(await type.create(definition, unnamed)).toEqual(made);
    const Tags = [{ Key: 'ring', Value: '1' }];
    await type.update(made, { ...definition, Tags }, { ...unnamed, propertiesBefore: definition });
    const resourceArn = 'arn:aws:codepipeline:us-east-1:123456789012:actiontype:Custom/Test/Rig/1';
    expect(await cloud.call('codepipeline', 'ListTagsForResource', { resourceArn })).toEqual({
      tags: [{ key: 'ring', value: '1' }],
    });
    await type.delete(made, definition, unnamed);
    expect(await customTypes()).toEqual([]);
  });
});
