import type { ActionDeclaration, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { create, deployAction, lambdaAction, pipelineCloud, pipelineOf, refusal, sourceAction } from './fixture.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud();
});
afterEach(() => cloud.close());

const valid = pipelineOf({ Deploy: [deployAction()] });
const action = (changes: Partial<ActionDeclaration>): PipelineDeclaration =>
  pipelineOf({ Test: [lambdaAction('Check', changes)] });

describe('CreatePipeline', () => {
  it('[codepipeline.structure.defaults] makes version 1, a V1 pipeline in mode SUPERSEDED unless it says more', async () => {
    await create(cloud, valid);
    const { pipeline, metadata } = await cloud.call('codepipeline', 'GetPipeline', { name: 'checkout' });
    expect(pipeline).toEqual({ ...valid, version: 1, pipelineType: 'V1', executionMode: 'SUPERSEDED' });
    expect(metadata).toMatchObject({ pipelineArn: 'arn:aws:codepipeline:us-east-1:123456789012:checkout' });
  });

  it('[codepipeline.structure.v2-by-parameter] makes a V2 pipeline of one that has variables', async () => {
    await create(cloud, { ...valid, variables: [{ name: 'region' }] });
    const { pipelines } = await cloud.call('codepipeline', 'ListPipelines', {});
    expect(pipelines).toMatchObject([{ name: 'checkout', version: 1, pipelineType: 'V2' }]);
  });

  it('[codepipeline.structure.name-in-use] refuses a name that is taken', async () => {
    await create(cloud, valid);
    expect(await refusal(create(cloud, valid))).toMatch(/^PipelineNameInUseException: .*'checkout'/);
  });

  it('[codepipeline.structure.bounds] [codepipeline.structure.name-characters] tells all violated bounds at once, in the service’s words', async () => {
    const call = create(cloud, { ...valid, name: 'no spaces', roleArn: 'nobody' });
    expect(await refusal(call)).toBe(
      "ValidationException: 2 validation errors detected: Value 'no spaces' at 'pipeline.name' failed to satisfy " +
        "constraint: Member must satisfy regular expression pattern: [A-Za-z0-9.@\\-_]+; Value 'nobody' at " +
        "'pipeline.roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern: " +
        'arn:aws(-[\\w]+)*:iam::[0-9]{12}:role/.*',
    );
  });

  it.each<[string, PipelineDeclaration, RegExp]>([
    [
      '[codepipeline.structure.artifact-store] without an artifact store',
      omit(valid, 'artifactStore'),
      /^InvalidStructure.*neither artifactStore nor/,
    ],
    [
      '[codepipeline.structure.artifact-store] with both kinds of artifact store',
      { ...valid, artifactStores: { 'us-east-1': { type: 'S3', location: 'artifacts' } } },
      /^InvalidStructure.*not both/,
    ],
    [
      '[codepipeline.structure.artifact-store-region] with a store in another region only',
      { ...omit(valid, 'artifactStore'), artifactStores: { 'eu-west-1': { type: 'S3', location: 'artifacts' } } },
      /^InvalidStructure.*own region us-east-1/,
    ],
    [
      '[codepipeline.structure.stage-count] with one stage',
      pipelineOf({}),
      /^InvalidStructure.*Pipeline has only 1 stage/,
    ],
    [
      '[codepipeline.structure.stage-count] with more than 50 stages',
      pipelineOf(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`S${n}`, [lambdaAction('Check')]]))),
      /^InvalidStructure.*51 stages; the maximum is 50/,
    ],
    [
      '[codepipeline.structure.action-count] with a stage without actions',
      pipelineOf({ Test: [] }),
      /^InvalidStage.*'Test' must have at least one action/,
    ],
    [
      '[codepipeline.structure.stage-names] with two stages of one name',
      { ...valid, stages: [...(valid.stages ?? []), { name: 'Deploy', actions: [lambdaAction('Check')] }] },
      /^InvalidStructure.*'Deploy' is used more than once/,
    ],
    [
      '[codepipeline.structure.action-names] with two actions of one name in a stage',
      pipelineOf({ Test: [lambdaAction('Check'), lambdaAction('Check')] }),
      /^InvalidStage.*'Check' is used more than once in 'Test'/,
    ],
    [
      '[codepipeline.structure.sources-first] that starts with anything but sources',
      {
        ...valid,
        stages: [
          { name: 'Source', actions: [sourceAction(), lambdaAction('Check')] },
          ...(valid.stages ?? []).slice(1),
        ],
      },
      /^InvalidStructure.*only contains source actions; 'Check' is none/,
    ],
    [
      '[codepipeline.structure.sources-only-first] with a source in a later stage',
      pipelineOf({ Test: [sourceAction({ outputArtifacts: [{ name: 'Other' }] })] }),
      /^InvalidStructure.*only allowed in the first stage; 'Fetch' is in 'Test'/,
    ],
    [
      '[codepipeline.structure.output-names] with an output artifact named twice',
      action({ outputArtifacts: [{ name: 'SourceArtifact' }] }),
      /^InvalidStructure.*'SourceArtifact' is used more than once/,
    ],
    [
      '[codepipeline.structure.inputs-made-before] with an input that nothing makes',
      action({ inputArtifacts: [{ name: 'Missing' }] }),
      /^InvalidStructure.*'Missing' of action 'Check'/,
    ],
    [
      '[codepipeline.structure.inputs-made-before] with an input from an action of the same run order',
      pipelineOf({
        Test: [
          lambdaAction('Make', { outputArtifacts: [{ name: 'Report' }] }),
          lambdaAction('Read', { inputArtifacts: [{ name: 'Report' }] }),
        ],
      }),
      /^InvalidStructure.*'Report' of action 'Read'/,
    ],
    [
      '[codepipeline.structure.namespaces] with a namespace used twice',
      pipelineOf({ Test: [lambdaAction('A', { namespace: 'n' }), lambdaAction('B', { namespace: 'n' })] }),
      /^InvalidStructure.*'n' is used more than once/,
    ],
    [
      '[codepipeline.structure.namespaces] with a reserved namespace',
      action({ namespace: 'codepipeline' }),
      /^InvalidStructure.*'codepipeline' is reserved/,
    ],
    [
      '[codepipeline.structure.namespaces] with a namespace that is an artifact',
      action({ namespace: 'SourceArtifact' }),
      /^InvalidStructure.*name of an artifact/,
    ],
    [
      '[codepipeline.structure.undeclared-variable] with an undeclared pipeline variable',
      action({ configuration: { FunctionName: 'check', UserParameters: '#{variables.stage}' } }),
      /^InvalidAction.*'stage', which is not declared/,
    ],
    [
      '[codepipeline.structure.no-variables-in-sources] with a pipeline variable in a source action',
      {
        ...valid,
        variables: [{ name: 'key' }],
        stages: [
          {
            name: 'Source',
            actions: [
              sourceAction({
                configuration: { S3Bucket: 'source', S3ObjectKey: '#{variables.key}', PollForSourceChanges: 'false' },
              }),
            ],
          },
          ...(valid.stages ?? []).slice(1),
        ],
      },
      /^InvalidAction.*'Fetch' refers to the pipeline variable 'key'; source actions cannot/,
    ],
    [
      '[codepipeline.structure.v2-only] of type V1 with variables',
      { ...valid, pipelineType: 'V1', variables: [{ name: 'a' }] },
      /^InvalidStructure.*V2 pipelines/,
    ],
    [
      '[codepipeline.structure.variable-names] with a variable declared twice',
      { ...valid, variables: [{ name: 'a' }, { name: 'a' }] },
      /^InvalidStructure.*'a' is declared more/,
    ],
    [
      '[codepipeline.structure.configuration-required] with a missing configuration key',
      action({ configuration: {} }),
      /^InvalidAction.*missing required configuration 'FunctionName'/,
    ],
    [
      '[codepipeline.structure.configuration-unknown] with an unknown configuration key',
      action({ configuration: { FunctionName: 'check', toString: 'x' } as Record<string, string> }),
      /^InvalidAction.*contains unknown configuration 'toString'/,
    ],
    [
      '[codepipeline.structure.artifact-counts] with too few input artifacts',
      pipelineOf({ Deploy: [deployAction({ inputArtifacts: [] })] }),
      /^InvalidAction.*Action Upload declares 0 input artifacts which is less than the minimum count \(1\)/,
    ],
    [
      '[codepipeline.structure.timeout-only-approvals] with a time-out on another action than an approval',
      action({ timeoutInMinutes: 10 }),
      /^InvalidAction.*available only to manual approval actions/,
    ],
    [
      '[codepipeline.structure.compute-members] with commands on a Lambda action',
      action({ commands: ['ls'] }),
      /^InvalidAction.*commands, which only compute/,
    ],
    [
      '[codepipeline.structure.s3-deploy-configuration] with a deploy that extracts maybe',
      pipelineOf({ Deploy: [deployAction({ configuration: { BucketName: 'site', Extract: 'maybe' } })] }),
      /^InvalidAction.*'true' or 'false', not 'maybe'/,
    ],
    [
      '[codepipeline.structure.provider] with a provider that is not run locally, by its name',
      action({ actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' } }),
      /^NotImplemented: the action provider CodeBuild .* of action 'Check' is not supported locally/,
    ],
    [
      '[codepipeline.structure.mode] in an unknown mode',
      { ...valid, executionMode: 'SERIAL' as 'QUEUED' },
      /^ValidationException.*executionMode.*QUEUED, SUPERSEDED, PARALLEL/,
    ],
    [
      '[codepipeline.structure.regions] with an action in another region',
      action({ region: 'eu-west-1' }),
      /^NotImplemented: an action in another region/,
    ],
  ])('%s: a pipeline is refused', async (_, pipeline, why) => {
    expect(await refusal(create(cloud, pipeline))).toMatch(why);
    expect(await cloud.call('codepipeline', 'ListPipelines', {})).toEqual({ pipelines: [] });
  });
});

function omit(pipeline: PipelineDeclaration, left: string): PipelineDeclaration {
  const kept = Object.entries(pipeline).filter(([key]) => key !== left);
  // The tests leave out a member that the service itself must miss.
  return Object.fromEntries(kept) as unknown as PipelineDeclaration;
}
