import {
  CloudWatchClient,
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openGateway as openExecutions } from '../../shared/aws/gateways/executions.ts';
import { openGateway as openMetrics } from '../../shared/aws/gateways/metrics.ts';
import { openGateway as openTopics } from '../../shared/aws/gateways/topics.ts';

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } };
const refusal = (name: string): Error =>
  Object.assign(new Error('from AWS'), { name, $metadata: { httpStatusCode: 400 } });
const unavailable = { name: 'ServiceUnavailable' };

describe('executions for actions', () => {
  const client = new CodePipelineClient(settings);
  const mock = mockClient(client);
  const executions = openExecutions(client);
  const execution = { pipeline: 'checkout', pipelineExecutionId: 'e-1' };
  beforeEach(() => mock.reset());

  it('tell what their sources took', async () => {
    mock.on(GetPipelineExecutionCommand, { pipelineName: 'checkout', pipelineExecutionId: 'e-1' }).resolves({
      pipelineExecution: {
        artifactRevisions: [{ name: 'Source', revisionId: 'abc', revisionSummary: 'OPS-7 mend' }, { name: 'Other' }],
      },
    });
    expect(await executions.revisions(execution)).toEqual([
      { artifact: 'Source', id: 'abc', summary: 'OPS-7 mend' },
      { artifact: 'Other', id: '', summary: '' },
    ]);
  });

  it('tell those before, with what their sources took', async () => {
    mock.on(ListPipelineExecutionsCommand, { pipelineName: 'checkout', maxResults: 100 }).resolves({
      pipelineExecutionSummaries: [
        {
          pipelineExecutionId: 'e-2',
          status: 'InProgress',
          sourceRevisions: [{ actionName: 'Git', revisionId: 'abc', revisionSummary: 'OPS-7 mend' }],
        },
        { pipelineExecutionId: 'e-1', status: 'Failed' },
      ],
    });
    expect(await executions.history('checkout')).toEqual([
      { id: 'e-2', status: 'InProgress', revisions: [{ source: 'Git', id: 'abc', summary: 'OPS-7 mend' }] },
      { id: 'e-1', status: 'Failed', revisions: [] },
    ]);
    mock.on(ListPipelineExecutionsCommand).rejects(refusal('AccessDeniedException'));
    await expect(executions.history('checkout')).rejects.toMatchObject({ type: 'PermissionError' });
  });

  it.each([
    ['PipelineNotFoundException', { type: 'ConfigurationError' }],
    ['PipelineExecutionNotFoundException', { type: 'ConfigurationError' }],
    ['AccessDeniedException', { type: 'PermissionError' }],
    ['ThrottlingException', unavailable],
  ])('fail when CodePipeline answers %s', async (name, expected) => {
    mock.on(GetPipelineExecutionCommand).rejects(refusal(name));
    await expect(executions.revisions(execution)).rejects.toMatchObject(expected);
  });
});

describe('topics for actions', () => {
  const client = new SNSClient(settings);
  const mock = mockClient(client);
  const topics = openTopics(client);
  const topicArn = 'arn:aws:sns:us-east-1:123456789012:people';
  const message = {
    topicArn,
    subject: 'hello',
    message: 'all',
    attributes: { service: 'checkout' },
    deduplicationId: 'd',
  };
  beforeEach(() => mock.reset());

  it('take a message with its attributes', async () => {
    mock.on(PublishCommand).resolves({ MessageId: 'm-1' });
    expect(await topics.publish(message)).toBe('m-1');
    expect(mock.commandCalls(PublishCommand)[0]?.args[0].input).toEqual({
      TopicArn: topicArn,
      Subject: 'hello',
      Message: 'all',
      MessageAttributes: { service: { DataType: 'String', StringValue: 'checkout' } },
    });
  });

  it('take it once when they are FIFO', async () => {
    mock.on(PublishCommand).resolves({ MessageId: 'm-1' });
    await topics.publish({ ...message, topicArn: `${topicArn}.fifo`, subject: undefined });
    expect(mock.commandCalls(PublishCommand)[0]?.args[0].input).toMatchObject({
      MessageGroupId: 'slipway',
      MessageDeduplicationId: 'd',
    });
  });

  it.each([
    ['NotFoundException', { type: 'ConfigurationError' }],
    ['InvalidParameterException', { type: 'ConfigurationError' }],
    ['AuthorizationErrorException', { type: 'PermissionError' }],
    ['KMSAccessDeniedException', { type: 'PermissionError', message: /key/ }],
    ['ThrottledException', unavailable],
  ])('fail when SNS answers %s', async (name, { message: text = /./, ...expected }: Record<string, unknown>) => {
    mock.on(PublishCommand).rejects(refusal(name));
    await expect(topics.publish(message)).rejects.toMatchObject({
      ...expected,
      message: expect.stringMatching(text as RegExp), // the table above gives no other
    });
  });
});

describe('metrics for actions', () => {
  const client = new CloudWatchClient(settings);
  const mock = mockClient(client);
  const metrics = openMetrics(client);
  const value = {
    namespace: 'Deployments',
    name: 'Released',
    value: 1,
    unit: 'Count',
    at: '2026-01-05T09:00:00.000Z',
    dimensions: { Service: 'checkout' },
  } as const;
  beforeEach(() => mock.reset());

  it('are written with their time and dimensions', async () => {
    mock.on(PutMetricDataCommand).resolves({});
    await metrics.put(value);
    expect(mock.commandCalls(PutMetricDataCommand)[0]?.args[0].input).toEqual({
      Namespace: 'Deployments',
      MetricData: [
        {
          MetricName: 'Released',
          Value: 1,
          Unit: 'Count',
          Timestamp: new Date(value.at),
          Dimensions: [{ Name: 'Service', Value: 'checkout' }],
        },
      ],
    });
  });

  it('read and write dashboards', async () => {
    mock.on(GetDashboardCommand, { DashboardName: 'shop' }).resolves({ DashboardBody: '{"widgets":[]}' });
    mock.on(PutDashboardCommand).resolves({});
    expect(await metrics.readDashboard('shop')).toBe('{"widgets":[]}');
    await metrics.writeDashboard('shop', '{}');
    expect(mock.commandCalls(PutDashboardCommand)[0]?.args[0].input).toEqual({
      DashboardName: 'shop',
      DashboardBody: '{}',
    });
  });

  it.each([
    ['ResourceNotFound', { type: 'ConfigurationError' }],
    ['DashboardNotFoundError', { type: 'ConfigurationError' }],
    ['DashboardInvalidInputError', { type: 'ConfigurationError' }],
    ['AccessDenied', { type: 'PermissionError' }],
    ['Throttling', unavailable],
  ])('fail when CloudWatch answers %s', async (name, expected) => {
    mock.onAnyCommand().rejects(refusal(name));
    await expect(metrics.readDashboard('shop')).rejects.toMatchObject(expected);
    await expect(metrics.writeDashboard('shop', '{}')).rejects.toMatchObject(expected);
    await expect(metrics.put(value)).rejects.toMatchObject(expected);
  });
});
