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
function resourceType(options = {}) {
  const context = { ...cloud.context, timers: { ...timersOf(cloud), on: () => undefined } };
  const [type] = openCodePipeline(context, options).resources ?? [];
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

  it('is gone when it is deleted', async () => {
    const made = await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', properties);
    await resourceType().delete(made, properties, unnamed);
    expect(await refusal(pipeline())).toMatch(/^PipelineNotFoundException/);
  });
});
