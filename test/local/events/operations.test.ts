import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';
import { isAnswered, walkOperations } from '../../support/walk-operations.ts';

let folder: string;
let cloud: LocalCloud;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-walk-'));
  cloud = await startLocalCloud({ folder, report: () => undefined });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  { id: '[events.operations]', service: 'events', Client: EventBridge },
  { id: '[scheduler.operations]', service: 'scheduler', Client: Scheduler },
  { id: '[cloudwatch.operations]', service: 'monitoring', Client: CloudWatch },
  { id: '[sns.operations]', service: 'sns', Client: SNS },
  { id: '[sqs.operations]', service: 'sqs', Client: SQS },
])('$id every operation of $service is answered, or refused by its name', async ({ service, Client }) => {
  const { endpoint, region, credentials } = cloud;
  const client = new Client({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 });
  const api = cloud.gateway.describe(service);
  if (!api) throw new Error(`${service} is open`);
  const walked = await walkOperations(api, client);
  client.destroy();
  expect(walked.length).toBeGreaterThan(10);
  expect(walked.filter((operation) => !isAnswered(operation))).toEqual([]);
});
