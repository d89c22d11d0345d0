import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rolePrincipal, servicePrincipal, type Principal } from '../../../local/gateway/principal.ts';
import type { JsonObject } from '../../../local/json.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  approvalAction,
  create,
  deployAction,
  pipelineCloud,
  pipelineOf,
  pipelineRole,
  putSource,
  refusal,
  start,
  state,
} from './fixture.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud({ notRun: ['GitHub'] });
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

const pipeline = pipelineOf({ Ask: [approvalAction()], Deploy: [deployAction()] });

function apiCalls(): JsonObject[] {
  return cloud.delivered
    .filter((event) => event['detail-type'] === 'AWS API Call via CloudTrail')
    .map(({ detail }) => detail);
}

async function callAs(principal: Principal, operation: string, input: object): Promise<void> {
  await cloud.context.gateway.handle({ service: 'codepipeline', operation, input }, principal);
}

describe('a call that changes something', () => {
  it('[codepipeline.cloudtrail.shape] is told on the default bus with who called and what was asked and answered', async () => {
    await create(cloud, pipeline);
    expect(cloud.delivered).toEqual([
      {
        source: 'aws.codepipeline',
        'detail-type': 'AWS API Call via CloudTrail',
        resources: [],
        time: '2026-01-05T09:00:00Z',
        detail: {
          eventVersion: '1.08',
          userIdentity: {
            type: 'IAMUser',
            principalId: expect.stringMatching(/^AIDA[A-Z0-9]{16}$/),
            arn: 'arn:aws:iam::123456789012:user/local',
            accountId: '123456789012',
            userName: 'local',
          },
          eventTime: '2026-01-05T09:00:00Z',
          eventSource: 'codepipeline.amazonaws.com',
          eventName: 'CreatePipeline',
          awsRegion: 'us-east-1',
          sourceIPAddress: '127.0.0.1',
          userAgent: 'local',
          requestParameters: { pipeline },
          responseElements: {
            pipeline: { ...pipeline, version: 1, pipelineType: 'V1', executionMode: 'SUPERSEDED' },
            tags: [],
          },
          requestID: 'test-request',
          eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
          readOnly: false,
          eventType: 'AwsApiCall',
          managementEvent: true,
          recipientAccountId: '123456789012',
          eventCategory: 'Management',
        },
      },
    ]);
  });

  it('[codepipeline.cloudtrail.changes] is told of every change, and not of calls that only read', async () => {
    await create(cloud, pipeline);
    const id = await start(cloud);
    const stage = { pipelineName: 'checkout', stageName: 'Deploy', transitionType: 'Inbound' };
    await cloud.call('codepipeline', 'DisableStageTransition', { ...stage, reason: 'later' });
    await cloud.call('codepipeline', 'EnableStageTransition', stage);
    await cloud.call('codepipeline', 'StopPipelineExecution', {
      pipelineName: 'checkout',
      pipelineExecutionId: id,
      abandon: true,
    });
    await cloud.call('codepipeline', 'RetryStageExecution', {
      pipelineName: 'checkout',
      stageName: 'Ask',
      pipelineExecutionId: id,
      retryMode: 'FAILED_ACTIONS',
    });
    await state(cloud);
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline });
    await cloud.call('codepipeline', 'DeletePipeline', { name: 'checkout' });
    expect(apiCalls().map((detail) => detail['eventName'])).toEqual([
      'CreatePipeline',
      'StartPipelineExecution',
      'DisableStageTransition',
      'EnableStageTransition',
      'StopPipelineExecution',
      'RetryStageExecution',
      'UpdatePipeline',
      'DeletePipeline',
    ]);
    expect(apiCalls().at(-1)).toMatchObject({ requestParameters: { name: 'checkout' }, responseElements: null });
  });

  it('[codepipeline.cloudtrail.refused] is not told when it is refused', async () => {
    expect(await refusal(create(cloud, pipelineOf({})))).toMatch(/^InvalidStructureException/);
    expect(cloud.delivered).toEqual([]);
  });

  it('[codepipeline.cloudtrail.caller] names the role, and the service that calls with it or by itself', async () => {
    await create(cloud, pipeline);
    const role = 'arn:aws:iam::123456789012:role/nightly';
    const rule = servicePrincipal('events.amazonaws.com', 'arn:aws:events:us-east-1:123456789012:rule/nightly');
    await callAs(rolePrincipal(role, 'session', rule), 'StartPipelineExecution', { name: 'checkout' });
    await callAs(rolePrincipal(role, 'session', servicePrincipal('lambda.amazonaws.com')), 'StartPipelineExecution', {
      name: 'checkout',
    });
    await callAs(rule, 'StartPipelineExecution', { name: 'checkout' });
    const [byRole, byFunction, byService] = apiCalls().slice(1);
    expect(byRole).toMatchObject({
      sourceIPAddress: 'events.amazonaws.com',
      userIdentity: {
        type: 'AssumedRole',
        principalId: expect.stringMatching(/^AROA[A-Z0-9]{16}:session$/),
        arn: 'arn:aws:sts::123456789012:assumed-role/nightly/session',
        sessionContext: { sessionIssuer: { type: 'Role', arn: role, userName: 'nightly' } },
        invokedBy: 'events.amazonaws.com',
      },
    });
    expect(byFunction).toMatchObject({ sourceIPAddress: '127.0.0.1', userIdentity: { type: 'AssumedRole' } });
    expect(byFunction?.['userIdentity']).not.toHaveProperty('invokedBy');
    expect(byService?.['userIdentity']).toEqual({ type: 'AWSService', invokedBy: 'events.amazonaws.com' });
  });

  it('[codepipeline.cloudtrail.secrets] hides secrets of configurations and the token of an approval', async () => {
    const github = { category: 'Source', owner: 'ThirdParty', provider: 'GitHub', version: '1' } as const;
    const configuration = { Owner: 'acme', Repo: 'shop', Branch: 'main', OAuthToken: 'hush-hush' };
    const fetch = { name: 'Fetch', actionTypeId: github, configuration, outputArtifacts: [{ name: 'SourceArtifact' }] };
    const [, ...later] = pipelineOf({ Ask: [approvalAction()] }).stages ?? [];
    await create(cloud, { ...pipeline, stages: [{ name: 'Source', actions: [fetch] }, ...later] });
    await start(cloud);
    const token = (await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token ?? 'no token';
    const place = { pipelineName: 'checkout', stageName: 'Ask', actionName: 'Ask' };
    const result = { status: 'Approved', summary: 'fine' };
    await cloud.call('codepipeline', 'PutApprovalResult', { ...place, token, result });
    const text = JSON.stringify(cloud.delivered);
    expect(text).not.toContain('hush-hush');
    expect(text).not.toContain(token);
    expect(apiCalls()[0]).toMatchObject({
      requestParameters: {
        pipeline: {
          stages: [
            { actions: [{ configuration: { Owner: 'acme', OAuthToken: 'HIDDEN_DUE_TO_SECURITY_REASONS' } }] },
            {},
          ],
        },
      },
    });
    expect(apiCalls().at(-1)?.['requestParameters']).toMatchObject({ token: 'HIDDEN_DUE_TO_SECURITY_REASONS', result });
    const { pipeline: told } = await cloud.call('codepipeline', 'GetPipeline', { name: 'checkout' });
    expect(told).toMatchObject({ stages: [{ actions: [{ configuration: { OAuthToken: '****' } }] }, {}] });
  });

  it('[codepipeline.cloudtrail.template] is told of CloudFormation where a template asks for it', async () => {
    await cloud.provision('AWS::CodePipeline::Pipeline', 'Pipeline', {
      Name: 'checkout',
      RoleArn: pipelineRole,
      ArtifactStore: { Type: 'S3', Location: 'artifacts' },
      Stages: [
        {
          Name: 'Source',
          Actions: [
            {
              Name: 'Fetch',
              ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'S3', Version: '1' },
              Configuration: { S3Bucket: 'source', S3ObjectKey: 'app.zip', PollForSourceChanges: 'false' },
              OutputArtifacts: [{ Name: 'SourceArtifact' }],
            },
          ],
        },
        {
          Name: 'Ask',
          Actions: [
            { Name: 'Ask', ActionTypeId: { Category: 'Approval', Owner: 'AWS', Provider: 'Manual', Version: '1' } },
          ],
        },
      ],
    });
    expect(apiCalls()).toMatchObject([
      {
        eventName: 'CreatePipeline',
        userIdentity: { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' },
        requestParameters: { pipeline: { name: 'checkout' } },
      },
    ]);
  });
});
