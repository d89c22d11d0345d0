import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCloud, type OpenedCloud } from '../../../local/open-cloud.ts';
import { openCodePipeline } from '../../../local/services/codepipeline/service.ts';
import { openS3 } from '../../../local/services/s3/service.ts';
import { openSqs } from '../../../local/services/sqs/service.ts';
import type { ResourceContext } from '../../../local/template/resource.ts';
import { testStartMs } from '../../support/cloud-context.ts';
import { approvalAction, pipelineOf } from './fixture.ts';

let folder: string;
let cloud: OpenedCloud;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  cloud = await openCloud({
    ...{ folder, account: '123456789012', region: 'us-east-1', isAuthorizing: false, report: () => undefined },
    clock: { kind: 'virtual', startMs: testStartMs },
    services: [openCodePipeline, openS3, openSqs],
  });
  await cloud.start();
});
afterEach(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const call = async (service: string, operation: string, input: object): Promise<Record<string, unknown>> =>
  // Each of the operations below answers an object.
  (await cloud.context.gateway.handle({ service, operation, input }, cloud.user)) as Record<string, unknown>;

const place: ResourceContext = {
  logicalId: 'Audit',
  stackName: 'test',
  stackId: 'test',
  generateName: () => 'audit',
  assetPath: () => '',
};

it('[codepipeline.cloudtrail.rule] a rule on the default bus matches the name of the call and a changed pipeline', async () => {
  const made = await cloud.types.get('AWS::SQS::Queue')?.create({ QueueName: 'audit' }, place);
  const QueueUrl = made?.physicalId;
  const Arn = 'arn:aws:sqs:us-east-1:123456789012:audit';
  const pattern = {
    source: ['aws.codepipeline'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['codepipeline.amazonaws.com'],
      eventName: ['UpdatePipeline'],
      requestParameters: { pipeline: { name: ['checkout'] } },
    },
  };
  await call('events', 'PutRule', { Name: 'audit', EventPattern: JSON.stringify(pattern) });
  await call('events', 'PutTargets', { Rule: 'audit', Targets: [{ Id: 'queue', Arn }] });
  const Policy = JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:*', Resource: Arn }],
  });
  await call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });

  const pipeline = pipelineOf({ Ask: [approvalAction()] });
  for (const name of ['checkout', 'payment']) {
    await call('codepipeline', 'CreatePipeline', { pipeline: { ...pipeline, name } });
    await call('codepipeline', 'UpdatePipeline', { pipeline: { ...pipeline, name } });
  }
  await cloud.context.timers.settled();

  const { Messages } = await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  const bodies = (Messages as { Body: string }[]).map(({ Body }) => JSON.parse(Body) as unknown);
  expect(bodies).toMatchObject([
    {
      version: '0',
      account: '123456789012',
      region: 'us-east-1',
      source: 'aws.codepipeline',
      resources: [],
      detail: { eventName: 'UpdatePipeline', responseElements: { pipeline: { name: 'checkout', version: 2 } } },
    },
  ]);
});
