import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCloudFormation } from '../../../local/services/cloudformation/service.ts';
import { openSqs } from '../../../local/services/sqs/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';
import { queue } from './stack-cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud({ services: [openCloudFormation, openSqs] });
});
afterEach(() => cloud.close());

it('[cloudformation.stack.event] each new status is told on the default bus, with the token of its request', async () => {
  const { StackId: id } = await cloud.call('cloudformation', 'CreateStack', {
    StackName: 'shop',
    TemplateBody: JSON.stringify({ Resources: { Q: queue() } }),
    ClientRequestToken: 'first',
  });
  await cloud.advance(1000);
  await cloud.call('cloudformation', 'DeleteStack', { StackName: 'shop' });
  await cloud.advance(1000);
  const told = cloud.delivered.filter(({ source }) => source === 'aws.cloudformation');
  expect(told.map(({ detail }) => detail)).toEqual(
    [
      ['CREATE_IN_PROGRESS', 'User Initiated', 'first'],
      ['CREATE_COMPLETE', '', 'first'],
      ['DELETE_IN_PROGRESS', 'User Initiated', ''],
      ['DELETE_COMPLETE', '', ''],
    ].map(([status, reason, token]) => ({
      'stack-id': id,
      'status-details': { status, 'status-reason': reason },
      'client-request-token': token,
    })),
  );
  expect(told[0]).toMatchObject({ 'detail-type': 'CloudFormation Stack Status Change', resources: [id] });
});
