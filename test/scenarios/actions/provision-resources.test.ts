import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { provisionResources } from '../../../infra/public.ts';
import { actionPipeline, pipelineName, place, type ActionPipeline } from '../../support/action-pipeline.ts';

/** A queue and a parameter, which names the queue. */
const template = (delaySeconds: number): string =>
  JSON.stringify({
    Parameters: { Delay: { Type: 'Number', Default: delaySeconds }, Name: { Type: 'String', Default: 'none' } },
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: { Ref: 'Delay' } } },
      Known: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Name: { 'Fn::Sub': '/${AWS::StackName}/queue' }, Value: { Ref: 'Queue' } },
      },
    },
    Outputs: { QueueUrl: { Value: { Ref: 'Queue' } }, Delay: { Value: { Ref: 'Delay' } } },
  });

/** The second parameter has a name that SSM refuses. */
const broken = JSON.stringify({
  Resources: {
    Fine: { Type: 'AWS::SQS::Queue', Properties: {} },
    Named: {
      Type: 'AWS::SSM::Parameter',
      DependsOn: 'Fine',
      Properties: { Type: 'String', Name: 'aws/x', Value: 'x' },
    },
  },
});

const files = {
  'template.json': template(3),
  'broken.json': broken,
  'bare.json': '{"Resources":{}}',
  'bucket.json': JSON.stringify({
    Resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
    Outputs: { Bucket: { Value: { Ref: 'Bucket' } } },
  }),
  'environment.yaml': 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n',
  'configuration.json': JSON.stringify({ Parameters: { Delay: 7 }, Tags: { team: 'checkout' } }),
};

let pipeline: ActionPipeline;
beforeAll(async () => {
  pipeline = await actionPipeline({
    actions: ['provision-resources'],
    stage: ({ slipway, source, stack }) => {
      const role = roleFor(stack, 'cloudformation', ['sqs:*', 'ssm:*', 's3:*', 'cloudformation:*']);
      const sweeper = roleFor(stack, 'scheduler', ['cloudformation:DeleteStack']);
      const heard = new Queue(stack, 'Heard');
      slipway.data.operationsTopic.addSubscription(new SqsSubscription(heard, { rawMessageDelivery: true }));
      new CfnOutput(stack, 'HeardUrl', { value: heard.queueUrl });
      const made = (actionName: string, runOrder: number, parameters: object) =>
        slipway.action(provisionResources, {
          ...place,
          actionName,
          runOrder,
          parameters: { stackName: 'shop', roleArn: role, ...parameters },
          inputs: [source],
          variablesNamespace: actionName,
        });
      return [
        made('Make', 1, { configurationPath: 'configuration.json', urlOutput: 'QueueUrl', outputVariables: ['Delay'] }),
        made('Preview', 1, {
          stackName: 'preview-#{codepipeline.PipelineExecutionId}',
          expiry: { afterHours: 8, roleArn: sweeper },
        }),
        made('Full', 1, {
          ...{ stackName: 'full', templatePath: 'bucket.json', urlOutput: 'Bucket' },
          expiry: { afterHours: 24, roleArn: sweeper },
        }),
        made('Broken', 1, { stackName: 'broken', templatePath: 'broken.json' }),
        made('Bare', 1, { stackName: 'bare', templatePath: 'bare.json' }),
        made('Yaml', 1, { stackName: 'yaml', templatePath: 'environment.yaml' }),
        made('Absent', 1, { stackName: 'absent', operation: 'delete' }),
      ];
    },
  });
});
afterAll(() => pipeline[Symbol.asyncDispose]());

function roleFor(stack: Stack, service: string, actions: string[]): string {
  return new Role(stack, `${service}Role`, {
    assumedBy: new ServicePrincipal(`${service}.amazonaws.com`),
    inlinePolicies: {
      own: new PolicyDocument({
        statements: [new PolicyStatement({ effect: Effect.ALLOW, actions, resources: ['*'] })],
      }),
    },
  }).roleArn;
}

const stacksSchema = z.object({
  Stacks: z.array(
    z.object({
      StackStatus: z.string(),
      Tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
    }),
  ),
});

async function stackOf(name: string) {
  const answer = await pipeline.cloud.call('cloudformation', 'DescribeStacks', { StackName: name });
  const [found] = stacksSchema.parse(answer).Stacks;
  return {
    status: found?.StackStatus,
    tags: Object.fromEntries(found?.Tags.map(({ Key, Value }) => [Key, Value]) ?? []),
  };
}

const queueDelay = async (url: string): Promise<unknown> => {
  const answer = await pipeline.cloud.call('sqs', 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
  return z.object({ Attributes: z.record(z.string(), z.string()) }).parse(answer).Attributes['DelaySeconds'];
};

/** What operators have been told since they were last asked. */
async function heard(): Promise<unknown[]> {
  const QueueUrl = pipeline.cloud.outputs('Acting')['HeardUrl'];
  const asked = { QueueUrl, MaxNumberOfMessages: 10 };
  const { Messages = [] } = heardSchema.parse(await pipeline.cloud.call('sqs', 'ReceiveMessage', asked));
  for (const { ReceiptHandle } of Messages)
    await pipeline.cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
  return Messages.map(({ Body }): unknown => JSON.parse(Body));
}

const heardSchema = z.object({
  Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })).optional(),
});

/** By the stack's event: without it the action would look at the stack no earlier than after 15 minutes. */
async function endedAtOnce(execution: string, action: string) {
  for (let seconds = 0; seconds < 30; seconds += 1) {
    await pipeline.cloud.advance('1s');
    const seen = await pipeline.look(execution, action);
    if (seen && seen.status !== 'InProgress') return seen;
  }
  throw new Error(`action ${action} has not ended within 30 s`);
}

describe('provision-resources in a pipeline', () => {
  let execution: string;
  beforeAll(async () => {
    execution = await pipeline.start(files);
  });

  it('makes a stack from a template of the source, filled in by a file, and gives its outputs as variables', async () => {
    const made = await endedAtOnce(execution, 'Make');
    expect(made).toMatchObject({ status: 'Succeeded', summary: 'stack shop: CREATE_COMPLETE', error: undefined });
    const { outputs } = made;
    expect(outputs).toMatchObject({ stackName: 'shop', changeCount: '2', Delay: '7' });
    expect(JSON.parse(outputs['outputs'] ?? '')).toEqual({ QueueUrl: outputs['url'], Delay: '7' });
    expect(await queueDelay(outputs['url'] ?? '')).toBe('7');
    expect(await stackOf('shop')).toEqual({
      status: 'CREATE_COMPLETE',
      tags: { team: 'checkout', 'slipway:pipeline': pipelineName },
    });
  });

  it('names the resource that failed, and leaves no stack', async () => {
    expect(await pipeline.untilEnded(execution, 'Broken')).toMatchObject({
      status: 'Failed',
      error: {
        code: 'JobFailed',
        message: expect.stringMatching(/stack broken ended as DELETE_COMPLETE: Named \(AWS::SSM::Parameter\): ./),
      },
    });
    await expect(stackOf('broken')).rejects.toThrow(/does not exist/);
  });

  it('fails with the words of CloudFormation for a template that it refuses', async () => {
    expect(await pipeline.untilEnded(execution, 'Bare')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringMatching(/stack bare was refused: .*Resources/) },
    });
    // CloudFormation reads YAML; the local cloud says by name that it does not.
    expect(await pipeline.untilEnded(execution, 'Yaml')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringMatching(/YAML/) },
    });
  });

  it('succeeds in deleting what is not there', async () => {
    expect(await pipeline.untilEnded(execution, 'Absent')).toMatchObject({
      status: 'Succeeded',
      summary: 'there is no stack absent: nothing to delete',
    });
  });

  it("makes an environment of the execution's own, and deletes it when its time is over", async () => {
    const { status, outputs } = await pipeline.untilEnded(execution, 'Preview');
    expect(status).toBe('Succeeded');
    expect(outputs).toMatchObject({
      stackName: `preview-${execution}`,
      expiresAt: expect.stringMatching(/^2026-01-05T17:0/),
    });
    expect((await stackOf(outputs['stackId'] ?? '')).tags).toEqual({
      'slipway:pipeline': pipelineName,
      'slipway:pipeline-execution': execution,
      'slipway:expires-at': outputs['expiresAt'],
    });
    await pipeline.cloud.advance('7h');
    expect((await stackOf(outputs['stackId'] ?? '')).status).toBe('CREATE_COMPLETE');
    await pipeline.cloud.advance('2h');
    expect((await stackOf(outputs['stackId'] ?? '')).status).toBe('DELETE_COMPLETE');
  });

  it('tells operators of an environment that cannot be deleted, and tries again for a day', async () => {
    const { outputs } = await pipeline.untilEnded(execution, 'Full');
    const stackId = outputs['stackId'] ?? '';
    const inBucket = { Bucket: outputs['url'], Key: 'kept.txt' };
    await pipeline.cloud.call('s3', 'PutObject', { ...inBucket, Body: 'kept' });
    await heard();
    await pipeline.cloud.advance('16h');
    expect((await stackOf(stackId)).status).toBe('DELETE_FAILED');
    const told = {
      stackId,
      problem: expect.stringContaining('could not be deleted'),
      reason: expect.stringMatching(/Bucket/),
    };
    expect(await heard()).toEqual([told]);
    await pipeline.cloud.advance('6h');
    expect(await heard()).toEqual([told]);
    await pipeline.cloud.call('s3', 'DeleteObject', inBucket);
    await pipeline.cloud.advance('6h');
    expect((await stackOf(stackId)).status).toBe('DELETE_COMPLETE');
    await pipeline.cloud.advance('1d');
    expect(await heard()).toEqual([]);
    expect(await pipeline.cloud.call('scheduler', 'ListSchedules', {})).toMatchObject({ Schedules: [] });
  });

  it('changes nothing for the same template, and what is new for another', async () => {
    const same = await pipeline.start(files);
    expect(await pipeline.untilEnded(same, 'Make')).toMatchObject({
      status: 'Succeeded',
      summary: expect.stringMatching(/nothing to change$/),
      outputs: { changeCount: '0', stackName: 'shop', outputs: expect.stringContaining('"Delay":"7"') },
    });
    const other = await pipeline.start({ ...files, 'configuration.json': '{"Parameters":{"Delay":"9"}}' });
    const updated = await endedAtOnce(other, 'Make');
    expect(updated).toMatchObject({ status: 'Succeeded', summary: 'stack shop: UPDATE_COMPLETE' });
    expect(await queueDelay(updated.outputs['url'] ?? '')).toBe('9');
  });
});
