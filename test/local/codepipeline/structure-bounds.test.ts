import type {
  ActionDeclaration,
  CreatePipelineInput,
  PipelineDeclaration,
  StageDeclaration,
} from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { approvalAction, create, lambdaAction, pipelineCloud, pipelineOf, pipelineRole, refusal } from './fixture.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud({ maxPipelines: 2 });
});
afterEach(() => cloud.close());

const valid = pipelineOf({ Test: [lambdaAction('Check')] }, { pipelineType: 'V2' });
const store = { type: 'S3', location: 'artifacts' } as const;
const action = (changes: Partial<ActionDeclaration>) => pipelineOf({ Test: [lambdaAction('Check', changes)] });
const approval = (changes: Partial<ActionDeclaration>) => pipelineOf({ Ask: [approvalAction('Ask', changes)] });
const stage = (changes: Partial<StageDeclaration>): PipelineDeclaration => ({
  ...valid,
  stages: [valid.stages![0]!, { ...valid.stages![1]!, ...changes }],
});
const configured = (value: string, key = 'UserParameters') =>
  action({ configuration: { FunctionName: 'check', [key]: value } });
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const variable = (changes: object) => ({ ...valid, variables: [{ name: 'ring', ...changes }] });

/** What is taken and what is refused, on both sides of a bound. */
type Row = [rule: string, taken: PipelineDeclaration | undefined, refused: PipelineDeclaration, why: RegExp];

describe('CreatePipeline keeps to', () => {
  it.each<Row>([
    [
      '[codepipeline.structure.name-characters] names of 1 to 100 letters, digits and . @ - _',
      { ...valid, name: 'a.B@9-_'.padEnd(100, 'x') },
      { ...valid, name: 'x'.repeat(101) },
      /pipeline.name.*length less than or equal to 100/,
    ],
    [
      '[codepipeline.structure.name-characters] stage names without spaces',
      stage({ name: 'Test.1@x-_' }),
      stage({ name: 'Test 1' }),
      /stages.2.member.name.*pattern/,
    ],
    [
      '[codepipeline.structure.name-characters] action names without spaces',
      action({ name: 'Check.1@x-_' }),
      action({ name: 'Check 1' }),
      /actions.1.member.name.*pattern/,
    ],
    [
      '[codepipeline.structure.role-arn] the ARN of a role',
      { ...valid, roleArn: pipelineRole.replace('arn:aws:', 'arn:aws-cn:') },
      { ...valid, roleArn: 'arn:aws:iam::123456789012:user/me' },
      /roleArn.*pattern/,
    ],
    [
      '[codepipeline.structure.artifact-store-bounds] bucket names of 3 to 63 characters',
      { ...valid, artifactStore: { ...store, location: 'a-b.c' } },
      { ...valid, artifactStore: { ...store, location: 'no_underscore' } },
      /artifactStore.location.*pattern/,
    ],
    [
      '[codepipeline.structure.artifact-store-bounds] encryption keys of the type KMS',
      { ...valid, artifactStore: { ...store, encryptionKey: { id: 'alias/mine', type: 'KMS' } } },
      { ...valid, artifactStore: { ...store, encryptionKey: { id: 'alias/mine', type: 'AES' as 'KMS' } } },
      /encryptionKey.type.*KMS/,
    ],
    [
      '[codepipeline.structure.artifact-names] artifact names of letters, digits, _ and -',
      action({ outputArtifacts: [{ name: 'Report_1-a' }] }),
      action({ outputArtifacts: [{ name: 'Report.1' }] }),
      /outputArtifacts.1.member.name.*pattern/,
    ],
    [
      '[codepipeline.structure.run-order] a run order of 1 to 999',
      action({ runOrder: 999 }),
      action({ runOrder: 1000 }),
      /runOrder.*value less than or equal to 999/,
    ],
    [
      '[codepipeline.structure.run-order] a run order above zero',
      action({ runOrder: 1 }),
      action({ runOrder: 0 }),
      /runOrder.*value greater than or equal to 1/,
    ],
    [
      '[codepipeline.structure.configuration-value] configuration values of 1 to 1000 characters before they are resolved',
      configured('#{codepipeline.PipelineExecutionId}'.padEnd(1000, 'x')),
      configured('#{codepipeline.PipelineExecutionId}'.padEnd(1001, 'x')),
      /UserParameters.*length less than or equal to 1000/,
    ],
    [
      '[codepipeline.structure.configuration-value] configuration values that are not empty',
      configured('x'),
      configured(''),
      /UserParameters.*length greater than or equal to 1/,
    ],
    [
      '[codepipeline.structure.configuration-key] configuration keys of at most 50 characters',
      undefined,
      configured('x', 'k'.repeat(51)),
      /length less than or equal to 50/,
    ],
    [
      '[codepipeline.structure.namespace-characters] namespaces of letters, digits, @ - and _',
      action({ namespace: 'scan@1-_' }),
      action({ namespace: 'scan.1' }),
      /namespace.*pattern/,
    ],
    [
      '[codepipeline.structure.approval-timeout] an approval’s time of 5 to 86400 minutes',
      approval({ timeoutInMinutes: 86_400 }),
      approval({ timeoutInMinutes: 86_401 }),
      /timeoutInMinutes.*less than or equal to 86400/,
    ],
    [
      '[codepipeline.structure.approval-timeout] an approval’s time of not less than 5 minutes',
      approval({ timeoutInMinutes: 5 }),
      approval({ timeoutInMinutes: 4 }),
      /timeoutInMinutes.*greater than or equal to 5/,
    ],
    [
      '[codepipeline.structure.region-length] regions of 4 to 30 characters',
      action({ region: 'us-east-1' }),
      action({ region: 'abc' }),
      /region.*length greater than or equal to 4/,
    ],
    [
      '[codepipeline.structure.action-type-bounds] known categories',
      undefined,
      action({ actionTypeId: { category: 'Ship' as 'Deploy', owner: 'AWS', provider: 'S3', version: '1' } }),
      /category.*Source, Build, Deploy, Test, Invoke, Approval, Compute/,
    ],
    [
      '[codepipeline.structure.action-type-bounds] providers of at most 35 characters',
      undefined,
      action({ actionTypeId: { category: 'Test', owner: 'AWS', provider: 'x'.repeat(36), version: '1' } }),
      /provider.*less than or equal to 35/,
    ],
    [
      '[codepipeline.structure.action-type-bounds] versions of at most 9 characters',
      undefined,
      action({ actionTypeId: { category: 'Test', owner: 'AWS', provider: 'x', version: '1'.repeat(10) } }),
      /version.*less than or equal to 9/,
    ],
    [
      '[codepipeline.structure.variable-count] 50 pipeline variables',
      { ...valid, variables: many(50, (n) => ({ name: `v${n}` })) },
      { ...valid, variables: many(51, (n) => ({ name: `v${n}` })) },
      /variables.*length less than or equal to 50/,
    ],
    [
      '[codepipeline.structure.variable-bounds] variable names of letters, digits, @ - and _',
      variable({ name: 'ring@1-_' }),
      variable({ name: 'ring.1' }),
      /variables.1.member.name.*pattern/,
    ],
    [
      '[codepipeline.structure.variable-bounds] default values of 1 to 1000 characters',
      variable({ defaultValue: 'x'.repeat(1000) }),
      variable({ defaultValue: '' }),
      /defaultValue.*greater than or equal to 1/,
    ],
    [
      '[codepipeline.structure.variable-bounds] descriptions of at most 200 characters',
      variable({ description: 'x'.repeat(200) }),
      variable({ description: 'x'.repeat(201) }),
      /description.*less than or equal to 200/,
    ],
    [
      '[codepipeline.structure.action-count] 50 actions in a stage',
      pipelineOf({ Test: many(50, (n) => lambdaAction(`A${n}`)) }),
      pipelineOf({ Test: many(51, (n) => lambdaAction(`A${n}`)) }),
      /^InvalidStageDeclarationException: Stage 'Test' has 51 actions; the maximum is 50/,
    ],
    [
      '[codepipeline.structure.action-total] 500 actions in a pipeline',
      pipelineOf(Object.fromEntries(many(10, (n) => [`S${n}`, many(n === 0 ? 49 : 50, (m) => lambdaAction(`A${m}`))]))),
      pipelineOf(Object.fromEntries(many(10, (n) => [`S${n}`, many(50, (m) => lambdaAction(`A${m}`))]))),
      /^InvalidStructureException: Pipeline has 501 actions; the maximum is 500/,
    ],
    [
      '[codepipeline.structure.artifact-store-region] the stores of one region',
      { ...valid, artifactStore: undefined, artifactStores: { 'us-east-1': store } },
      { ...valid, artifactStore: undefined, artifactStores: { 'us-east-1': store, 'eu-west-1': store } },
      /^NotImplemented: an artifact store in another region \(us-east-1, eu-west-1\)/,
    ],
    [
      '[codepipeline.structure.compute-bounds] 50 commands of a compute action',
      undefined,
      action({ commands: many(51, () => 'ls') }),
      /^ValidationException.*commands.*less than or equal to 50/,
    ],
    [
      '[codepipeline.structure.compute-bounds] 15 variables of a compute action',
      undefined,
      action({ outputVariables: many(16, (n) => `V${n}`) }),
      /^ValidationException.*outputVariables.*less than or equal to 15/,
    ],
    [
      '[codepipeline.structure.blockers] stages without blockers, which are reserved',
      stage({ blockers: [] }),
      stage({ blockers: [{ name: 'Freeze', type: 'Schedule' }] }),
      /^InvalidBlockerDeclarationException: Stage 'Test' has blockers/,
    ],
    [
      '[codepipeline.structure.v2-only] modes other than SUPERSEDED for V2 only',
      { ...valid, executionMode: 'QUEUED' },
      { ...valid, executionMode: 'PARALLEL', pipelineType: 'V1' },
      /^InvalidStructureException: Execution mode PARALLEL can only be used with V2 pipelines/,
    ],
    [
      '[codepipeline.structure.artifact-counts] at most 5 artifacts of a Lambda action',
      action({ outputArtifacts: many(5, (n) => ({ name: `Out${n}` })) }),
      action({ outputArtifacts: many(6, (n) => ({ name: `Out${n}` })) }),
      /declares 6 output artifacts which is more than the maximum count \(5\)/,
    ],
    [
      '[codepipeline.approvals.configuration] no artifacts of an approval',
      approval({ configuration: { CustomData: 'why', ExternalEntityLink: 'https://example.com' } }),
      approval({ inputArtifacts: [{ name: 'SourceArtifact' }] }),
      /declares 1 input artifacts which is more than the maximum count \(0\)/,
    ],
    [
      '[codepipeline.approvals.configuration] the three keys of an approval',
      approval({ configuration: { NotificationArn: 'arn:aws:sns:us-east-1:123456789012:people' } }),
      approval({ configuration: { Approvers: 'me' } }),
      /unknown configuration 'Approvers'/,
    ],
  ])('%s', async (_, taken, refused, why) => {
    if (taken) expect(await refusal(create(cloud, { ...taken, name: taken.name ?? 'x' }))).toBe('accepted');
    const refusedName = refused.name === 'checkout' ? 'other' : refused.name;
    expect(await refusal(create(cloud, { ...refused, name: refusedName }))).toMatch(why);
  });

  it('[codepipeline.structure.pipeline-count] 1000 pipelines in a region, which a deleted one leaves', async () => {
    await create(cloud, { ...valid, name: 'one' });
    await create(cloud, { ...valid, name: 'two' });
    expect(await refusal(create(cloud, { ...valid, name: 'three' }))).toMatch(/^LimitExceededException.*limit is 2/);
    await cloud.call('codepipeline', 'DeletePipeline', { name: 'one' });
    await create(cloud, { ...valid, name: 'three' });
  });

  it('[codepipeline.structure.tags] tags as every resource', async () => {
    const withTags = (tags: CreatePipelineInput['tags']) =>
      cloud.call('codepipeline', 'CreatePipeline', { pipeline: valid, tags });
    expect(await refusal(withTags([{ key: 'aws:x', value: 'y' }]))).toMatch(/^InvalidTagsException/);
    expect(await refusal(withTags(many(51, (n) => ({ key: `k${n}`, value: '' }))))).toMatch(/^TooManyTagsException/);
    expect(await cloud.call('codepipeline', 'ListPipelines', {})).toEqual({ pipelines: [] });
  });
});

describe('ListPipelines', () => {
  it('[codepipeline.list-pipelines.bounds] tells 1 to 1000 at once', async () => {
    for (const maxResults of [0, 1001]) {
      const call = cloud.call('codepipeline', 'ListPipelines', { maxResults });
      expect(await refusal(call)).toMatch(/^ValidationException.*maxResults/);
    }
    expect(await cloud.call('codepipeline', 'ListPipelines', { maxResults: 1000 })).toEqual({ pipelines: [] });
  });
});

describe('UpdatePipeline', () => {
  it('[codepipeline.update.checks] checks the structure as CreatePipeline does, and changes nothing if it is wrong', async () => {
    await create(cloud, valid);
    const update = cloud.call('codepipeline', 'UpdatePipeline', { pipeline: pipelineOf({}) });
    expect(await refusal(update)).toMatch(/^InvalidStructureException/);
    const { pipeline } = await cloud.call('codepipeline', 'GetPipeline', { name: 'checkout' });
    expect(pipeline).toMatchObject({ version: 1, stages: [{ name: 'Source' }, { name: 'Test' }] });
  });
});
