import { CodePipeline } from '@aws-sdk/client-codepipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceApi } from '../../../local/gateway/service.ts';
import { operationsNotHere } from '../../../local/services/codepipeline/operations/not-here.ts';
import { openCodePipeline } from '../../../local/services/codepipeline/service.ts';
import { openS3 } from '../../../local/services/s3/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';
import { action, deployAction, makeBuckets, pipelineOf, putSource, start } from './fixture.ts';

let cloud: TestCloud;
let http: GatewayOverHttp;
let client: CodePipeline;

beforeAll(async () => {
  const apis: ServiceApi[] = [];
  const open = (context: TestCloud['context']) => {
    const module = openCodePipeline(context);
    if (module.api) apis.push(module.api);
    return module;
  };
  cloud = await testCloud({ services: [open, openS3] });
  await makeBuckets(cloud);
  await putSource(cloud, { 'index.html': 'x' });
  http = await gatewayOverHttp(apis, { clock: cloud.clock });
  client = new CodePipeline(http.client);
});
afterAll(async () => {
  client.destroy();
  await http.close();
  await cloud.close();
});

/** Every operation of the SDK's client, as its method is called. */
const operations = Object.keys(CodePipeline.prototype)
  .filter((method) => !/^(send|destroy|paginate|waitUntil)/.test(method))
  .sort();

type Method = (input: object) => Promise<unknown>;

describe('every operation of the SDK’s client', () => {
  it('is one of the 44 that the published model has', () => {
    expect(operations).toHaveLength(44);
  });

  it.each(operations)('[codepipeline.operations.known] %s is answered, or refused with a reason', async (method) => {
    // The aggregated client has a method for each operation, which takes an input.
    const call = (client as unknown as Record<string, Method>)[method]!.bind(client);
    const name = `${method.slice(0, 1).toUpperCase()}${method.slice(1)}`;
    const why = operationsNotHere.find((group) => (group.operations as readonly string[]).includes(name))?.why;
    const outcome = await call({}).then(
      () => 'answered',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    // Without input an operation lists what is there, or says what it misses.
    if (why === undefined) expect(outcome).toMatch(/^answered$|^ValidationException: /);
    else expect(outcome).toMatch(/^ValidationException: |is not supported locally: /);
  });

  const job = { jobId: 'j', clientToken: 't' };
  const webhook = {
    name: 'hook',
    targetPipeline: 'checkout',
    targetAction: 'Fetch',
    filters: [{ jsonPath: '$.ref' }],
    authentication: 'UNAUTHENTICATED' as const,
    authenticationConfiguration: {},
  };
  const actionTypeId = { category: 'Test', owner: 'ThirdParty', provider: 'Acme', version: '1' } as const;
  it.each<[string, () => Promise<unknown>]>([
    ['PollForThirdPartyJobs', () => client.pollForThirdPartyJobs({ actionTypeId })],
    ['GetThirdPartyJobDetails', () => client.getThirdPartyJobDetails(job)],
    ['AcknowledgeThirdPartyJob', () => client.acknowledgeThirdPartyJob({ ...job, nonce: 'n' })],
    ['PutThirdPartyJobSuccessResult', () => client.putThirdPartyJobSuccessResult(job)],
    [
      'PutThirdPartyJobFailureResult',
      () => client.putThirdPartyJobFailureResult({ ...job, failureDetails: { type: 'JobFailed', message: 'no' } }),
    ],
  ])('[codepipeline.third-party.refused] %s is refused, because partners’ actions are not here', async (name, call) => {
    await expect(call()).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringMatching(new RegExp(`^codepipeline ${name} is not supported locally: actions of partners`)),
    });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['PutWebhook', () => client.putWebhook({ webhook })],
    ['ListWebhooks', () => client.listWebhooks({})],
    ['DeleteWebhook', () => client.deleteWebhook({ name: 'hook' })],
    ['RegisterWebhookWithThirdParty', () => client.registerWebhookWithThirdParty({ webhookName: 'hook' })],
    ['DeregisterWebhookWithThirdParty', () => client.deregisterWebhookWithThirdParty({ webhookName: 'hook' })],
  ])('[codepipeline.webhooks.refused] %s is refused, because GitHub (version 1) is not here', async (name, call) => {
    await expect(call()).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringMatching(new RegExp(`^codepipeline ${name} is not supported locally: webhooks start`)),
    });
  });
});

describe('UpdateActionType and GetActionType', () => {
  const id = { category: 'Deploy', owner: 'ThirdParty', provider: 'Acme', version: '1' } as const;
  const actionType = {
    id,
    executor: {
      type: 'Lambda' as const,
      configuration: {
        lambdaExecutorConfiguration: { lambdaFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:deploy' },
      },
    },
    inputArtifactDetails: { minimumCount: 0, maximumCount: 10 },
    outputArtifactDetails: { minimumCount: 0, maximumCount: 10 },
  };

  it('[codepipeline.action-type.external] know only types that are registered for an external provider', async () => {
    await expect(client.getActionType(id)).rejects.toMatchObject({ name: 'ActionTypeNotFoundException' });
    await expect(client.updateActionType({ actionType })).rejects.toMatchObject({
      name: 'ActionTypeNotFoundException',
    });
  });

  it.each([
    ['11 artifacts', { inputArtifactDetails: { minimumCount: 0, maximumCount: 11 } }, /less than or equal to 10/],
    ['a job of 59 seconds', { executor: { ...actionType.executor, jobTimeout: 59 } }, /greater than or equal to 60/],
    ['an owner Custom', { id: { ...id, owner: 'Custom' } }, /AWS\|ThirdParty/],
    ['a long policy', { executor: { ...actionType.executor, policyStatementsTemplate: 'x'.repeat(2049) } }, /2048/],
  ])('[codepipeline.action-type.bounds] refuse a type with %s', async (_, changes, why) => {
    await expect(client.updateActionType({ actionType: { ...actionType, ...changes } })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(why),
    });
  });
});

describe('ListDeployActionExecutionTargets', () => {
  it('[codepipeline.deploy-targets.none] tells of no targets for an action that has none, and knows no other execution', async () => {
    await client.createPipeline({ pipeline: pipelineOf({ Deploy: [deployAction()] }) });
    const id = await start(cloud);
    const { actionExecutionId } = await action(cloud, id, 'Upload');
    expect(await client.listDeployActionExecutionTargets({ actionExecutionId })).toMatchObject({ targets: [] });
    const unknown = client.listDeployActionExecutionTargets({ actionExecutionId: 'nobody' });
    await expect(unknown).rejects.toMatchObject({ name: 'ActionExecutionNotFoundException' });
    const elsewhere = client.listDeployActionExecutionTargets({ actionExecutionId, pipelineName: 'nobody' });
    await expect(elsewhere).rejects.toMatchObject({ name: 'PipelineNotFoundException' });
  });
});

describe('ListActionTypes and ListRuleTypes', () => {
  it('[codepipeline.action-type.list] tell every type that runs here, in one call', async () => {
    const { actionTypes = [] } = await client.listActionTypes({ actionOwnerFilter: 'AWS' });
    expect(actionTypes.map(({ id }) => `${id?.category} ${id?.provider}`)).toContain('Source CodeStarSourceConnection');
    const lambda = actionTypes.find(({ id }) => id?.provider === 'Lambda');
    expect(lambda).toMatchObject({
      actionConfigurationProperties: [
        { name: 'FunctionName', required: true },
        { name: 'UserParameters', required: false },
      ],
      inputArtifactDetails: { minimumCount: 0, maximumCount: 5 },
      outputArtifactDetails: { minimumCount: 0, maximumCount: 5 },
    });
    const next = client.listActionTypes({ nextToken: 'x' });
    await expect(next).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
    const { ruleTypes = [] } = await client.listRuleTypes({ ruleOwnerFilter: 'AWS' });
    expect(ruleTypes.map(({ id }) => id?.provider)).toEqual([
      'CloudWatchAlarm',
      'DeploymentWindow',
      'LambdaInvoke',
      'VariableCheck',
    ]);
  });
});
