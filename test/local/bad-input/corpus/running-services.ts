import { CodePipeline } from '@aws-sdk/client-codepipeline';
import { Lambda } from '@aws-sdk/client-lambda';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SFN } from '@aws-sdk/client-sfn';
import type { Recorder } from '../record.ts';
import { roleArn } from '../world.ts';

/** Requests to the services that run something: pipelines, state machines, functions, schedules. */
export async function recordRunningServices(recorder: Recorder): Promise<void> {
  await recordPipelines(recorder.client('codepipeline', CodePipeline));
  await recordMachines(recorder.client('states', SFN));
  await recordFunctions(recorder.client('lambda', Lambda));
  await recordSchedules(recorder.client('scheduler', Scheduler));
}

const pipeline = {
  name: 'checkout',
  roleArn,
  pipelineType: 'V2',
  executionMode: 'QUEUED',
  artifactStore: { type: 'S3', location: 'artifacts' },
  variables: [{ name: 'target', defaultValue: 'test', description: 'where to' }],
  stages: [
    {
      name: 'Source',
      actions: [
        {
          name: 'Zip',
          actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
          configuration: { S3Bucket: 'artifacts', S3ObjectKey: 'app.zip', PollForSourceChanges: 'false' },
          outputArtifacts: [{ name: 'App' }],
          runOrder: 1,
        },
      ],
    },
    {
      name: 'Approve',
      onFailure: { result: 'ROLLBACK' },
      actions: [
        {
          name: 'Ask',
          actionTypeId: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' },
          configuration: { CustomData: '#{variables.target}' },
          timeoutInMinutes: 60,
        },
      ],
    },
  ],
} as const;

async function recordPipelines(codepipeline: CodePipeline): Promise<void> {
  // The recorder reads lists; the SDK's types want ones that can be changed.
  const declaration = structuredClone(pipeline) as never;
  const name = pipeline.name;
  await codepipeline.createPipeline({ pipeline: declaration, tags: [{ key: 'k', value: 'v' }] });
  await codepipeline.updatePipeline({ pipeline: declaration });
  const { pipelineExecutionId } = await codepipeline.startPipelineExecution({
    ...{ name, clientRequestToken: 'a', variables: [{ name: 'target', value: 'live' }] },
  });
  await codepipeline.getPipeline({ name, version: 1 });
  await codepipeline.getPipelineState({ name });
  await codepipeline.getPipelineExecution({ pipelineName: name, pipelineExecutionId });
  await codepipeline.listPipelines({ maxResults: 5 });
  await codepipeline.listPipelineExecutions({ pipelineName: name, maxResults: 5 });
  await codepipeline.listActionExecutions({ pipelineName: name, filter: { pipelineExecutionId } });
  await codepipeline.disableStageTransition({
    ...{ pipelineName: name, stageName: 'Approve', transitionType: 'Inbound', reason: 'freeze' },
  });
  await codepipeline.enableStageTransition({ pipelineName: name, stageName: 'Approve', transitionType: 'Inbound' });
  await codepipeline.createCustomActionType({
    ...{ category: 'Test', provider: 'Lab', version: '1' },
    configurationProperties: [{ name: 'suite', required: true, key: true, secret: false, queryable: true }],
    inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
    outputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
  });
  const actionTypeId = { category: 'Test', owner: 'Custom', provider: 'Lab', version: '1' } as const;
  await codepipeline.pollForJobs({ actionTypeId, maxBatchSize: 1, queryParam: { suite: 'all' } });
  await codepipeline.listActionTypes({ actionOwnerFilter: 'Custom' });
  // These name what does not exist: their refusal is documented, and they are worth breaking all the same.
  const jobId = '00000000-0000-4000-8000-000000000000';
  await refused(
    codepipeline.putJobSuccessResult({
      ...{ jobId, continuationToken: 'c', outputVariables: { a: 'b' } },
      executionDetails: { summary: 's', percentComplete: 50 },
    }),
  );
  await refused(
    codepipeline.stopPipelineExecution({
      ...{ pipelineName: name, pipelineExecutionId: jobId, abandon: true, reason: 'enough' },
    }),
  );
  await refused(codepipeline.putJobFailureResult({ jobId, failureDetails: { type: 'JobFailed', message: 'no' } }));
  await refused(
    codepipeline.putApprovalResult({
      ...{ pipelineName: name, stageName: 'Approve', actionName: 'Ask', token: jobId },
      result: { summary: 'yes', status: 'Approved' },
    }),
  );
  await refused(codepipeline.acknowledgeJob({ jobId, nonce: '3' }));
  const where = { pipelineName: name, stageName: 'Approve' };
  await refused(
    codepipeline.retryStageExecution({
      ...{ ...where, pipelineExecutionId: jobId, retryMode: 'FAILED_ACTIONS' },
    }),
  );
  await refused(codepipeline.rollbackStage({ ...where, targetPipelineExecutionId: jobId }));
}

const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Choose?',
  States: {
    'Choose?': { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n > 1 %}', Next: 'Wait' }], Default: 'End' },
    Wait: { Type: 'Wait', Seconds: 60, Next: 'End' },
    End: { Type: 'Pass', Output: '{% {"sum": $sum([1, $states.input.n])} %}', End: true },
  },
});

async function recordMachines(states: SFN): Promise<void> {
  const { stateMachineArn, stateMachineVersionArn } = await states.createStateMachine({
    ...{ name: 'release', definition, roleArn, type: 'STANDARD', publish: true },
  });
  await states.updateStateMachine({ stateMachineArn, definition, roleArn });
  const { executionArn } = await states.startExecution({ stateMachineArn, name: 'one', input: '{"n":2}' });
  await states.describeStateMachine({ stateMachineArn });
  await states.describeExecution({ executionArn });
  await states.getExecutionHistory({ executionArn, maxResults: 5, reverseOrder: true, includeExecutionData: true });
  await states.listExecutions({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 5 });
  await states.publishStateMachineVersion({ stateMachineArn });
  await states.createStateMachineAlias({
    ...{ name: 'live', routingConfiguration: [{ stateMachineVersionArn, weight: 100 }] },
  });
  await states.listStateMachineVersions({ stateMachineArn });
  await states.stopExecution({ executionArn, error: 'Stopped', cause: 'enough' });
  await refused(states.sendTaskSuccess({ taskToken: 'AAAA', output: '{"a":1}' }));
  await refused(states.sendTaskFailure({ taskToken: 'AAAA', error: 'E', cause: 'c' }));
}

async function recordFunctions(lambda: Lambda): Promise<void> {
  const FunctionName = 'echo';
  await lambda.invoke({ FunctionName, Payload: '{"a":1}', LogType: 'Tail', ClientContext: 'e30=' });
  await lambda.invoke({ FunctionName, Payload: '{}', InvocationType: 'DryRun' });
  await lambda.getFunction({ FunctionName });
  await lambda.listFunctions({ MaxItems: 5 });
  await lambda.publishVersion({ FunctionName, Description: 'd' });
  await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' });
  await lambda.updateAlias({
    ...{ FunctionName, Name: 'live', RoutingConfig: { AdditionalVersionWeights: {} } },
  });
  await lambda.listAliases({ FunctionName, FunctionVersion: '1' });
  await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 5 });
}

async function recordSchedules(scheduler: Scheduler): Promise<void> {
  const target = { Arn: 'arn:aws:sqs:us-east-1:123456789012:work', RoleArn: roleArn, Input: '{"a":1}' };
  const schedule = {
    ...{ Name: 'nightly', GroupName: 'teams', ScheduleExpression: 'cron(0 2 ? * MON-FRI *)' },
    ...{ ScheduleExpressionTimezone: 'Europe/Berlin', FlexibleTimeWindow: { Mode: 'OFF' as const }, Target: target },
  };
  await scheduler.createScheduleGroup({ Name: 'teams' });
  await scheduler.createSchedule({ ...schedule, EndDate: new Date('2027-01-01T00:00:00Z') });
  await scheduler.updateSchedule({ ...schedule, ScheduleExpression: 'rate(5 minutes)', State: 'DISABLED' });
  await scheduler.getSchedule({ Name: 'nightly', GroupName: 'teams' });
  await scheduler.listSchedules({ GroupName: 'teams', NamePrefix: 'n', MaxResults: 3 });
}

async function refused(call: Promise<unknown>): Promise<void> {
  await call.then(
    () => {
      throw new Error('the call was meant to be refused');
    },
    () => undefined,
  );
}
