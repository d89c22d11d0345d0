import {
  CodePipeline,
  InvalidJobStateException,
  InvalidStructureException,
  JobNotFoundException,
  OutputVariablesSizeExceededException,
  PipelineNotFoundException,
  ValidationException,
} from '@aws-sdk/client-codepipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceApi } from '../../../local/gateway/service.ts';
import { openCodePipeline } from '../../../local/services/codepipeline/service.ts';
import { openS3 } from '../../../local/services/s3/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';
import {
  approvalAction,
  catchJobs,
  deployAction,
  lambdaAction,
  makeBuckets,
  pipelineOf,
  putSource,
  type JobEvent,
} from './fixture.ts';

let cloud: TestCloud;
let http: GatewayOverHttp;
let client: CodePipeline;
let jobs: JobEvent[];
const pipeline = pipelineOf(
  { Scan: [lambdaAction('Check', { namespace: 'scan' })], Ask: [approvalAction()], Deploy: [deployAction()] },
  { variables: [{ name: 'ring', defaultValue: 'inner' }] },
);

beforeAll(async () => {
  const apis: ServiceApi[] = [];
  const open = (context: TestCloud['context']) => {
    const module = openCodePipeline(context);
    if (module.api) apis.push(module.api);
    return module;
  };
  cloud = await testCloud({ services: [open, openS3] });
  await makeBuckets(cloud);
  jobs = catchJobs(cloud);
  await putSource(cloud, { 'index.html': 'x' });
  http = await gatewayOverHttp(apis, { clock: cloud.clock });
  client = new CodePipeline(http.client);
});
afterAll(async () => {
  client.destroy();
  await http.close();
  await cloud.close();
});

describe('an unchanged SDK client', () => {
  it('[codepipeline.protocol.sdk] takes a pipeline through its whole life', async () => {
    await client.createPipeline({ pipeline, tags: [{ key: 'team', value: 'checkout' }] });
    const { pipeline: changed } = await client.updatePipeline({ pipeline });
    expect(changed?.version).toBe(2);
    const { pipelineExecutionId: id } = await client.startPipelineExecution({ name: 'checkout' });
    await cloud.timers.settled();

    const { jobDetails } = await client.getJobDetails({ jobId: jobs[0]?.id });
    expect(jobDetails?.data?.pipelineContext?.pipelineExecutionId).toBe(id);
    await client.putJobSuccessResult({ jobId: jobs[0]?.id, outputVariables: { findings: '0' } });
    const { stageStates } = await client.getPipelineState({ name: 'checkout' });
    const token = stageStates?.[2]?.actionStates?.[0]?.latestExecution?.token;
    const place = { pipelineName: 'checkout', stageName: 'Ask', actionName: 'Ask' };
    const answer = await client.putApprovalResult({ ...place, token, result: { status: 'Approved', summary: '' } });
    expect(answer.approvedAt).toBeInstanceOf(Date);
    await cloud.timers.settled();

    const { pipelineExecution } = await client.getPipelineExecution({
      pipelineName: 'checkout',
      pipelineExecutionId: id,
    });
    expect(pipelineExecution).toMatchObject({
      status: 'Succeeded',
      variables: [{ name: 'ring', resolvedValue: 'inner' }],
    });
    const { actionExecutionDetails = [] } = await client.listActionExecutions({ pipelineName: 'checkout' });
    expect(actionExecutionDetails.map((detail) => detail.actionName)).toEqual(['Upload', 'Ask', 'Check', 'Fetch']);
    const { pipelineExecutionSummaries } = await client.listPipelineExecutions({ pipelineName: 'checkout' });
    expect(pipelineExecutionSummaries?.[0]?.startTime).toEqual(new Date(cloud.clock.nowMs()));
  });

  it('stops and fails executions, and deletes the pipeline', async () => {
    const { pipelineExecutionId: first } = await client.startPipelineExecution({ name: 'checkout' });
    await cloud.timers.settled();
    await client.stopPipelineExecution({ pipelineName: 'checkout', pipelineExecutionId: first, abandon: true });
    await client.startPipelineExecution({ name: 'checkout' });
    await cloud.timers.settled();
    await client.putJobFailureResult({ jobId: jobs.at(-1)?.id, failureDetails: { type: 'JobFailed', message: 'no' } });
    const { pipelineExecutionSummaries = [] } = await client.listPipelineExecutions({ pipelineName: 'checkout' });
    expect(pipelineExecutionSummaries.map(({ status }) => status)).toEqual(['Failed', 'Stopped', 'Succeeded']);
    const { pipeline: last, metadata } = await client.getPipeline({ name: 'checkout' });
    expect([last?.version, metadata?.created]).toEqual([2, new Date(cloud.clock.nowMs())]);
    await client.deletePipeline({ name: 'checkout' });
    expect((await client.listPipelines({})).pipelines).toEqual([]);
    expect(http.reported).toEqual([]);
  });

  it('[codepipeline.protocol.exceptions] gets the documented exceptions as its own classes', async () => {
    await client.createPipeline({ pipeline });
    await client.startPipelineExecution({ name: 'checkout' });
    await cloud.timers.settled();
    const jobId = jobs.at(-1)?.id;
    const unknown = '11111111-1111-1111-1111-111111111111';
    await expect(client.getPipelineState({ name: 'nobody' })).rejects.toThrow(PipelineNotFoundException);
    await expect(client.putJobSuccessResult({ jobId: unknown })).rejects.toThrow(JobNotFoundException);
    await expect(client.putJobSuccessResult({ jobId: 'x' })).rejects.toThrow(ValidationException);
    const tooMuch = { jobId, outputVariables: { a: 'x'.repeat(130_000) } };
    await expect(client.putJobSuccessResult(tooMuch)).rejects.toThrow(OutputVariablesSizeExceededException);
    await client.putJobSuccessResult({ jobId });
    await expect(client.putJobSuccessResult({ jobId })).rejects.toThrow(InvalidJobStateException);
    const flat = { ...pipelineOf({}), name: 'flat' };
    await expect(client.createPipeline({ pipeline: flat })).rejects.toThrow(InvalidStructureException);
    const poll = client.pollForThirdPartyJobs({
      actionTypeId: { category: 'Test', owner: 'Custom', provider: 'Mine', version: '1' },
    });
    await expect(poll).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});
