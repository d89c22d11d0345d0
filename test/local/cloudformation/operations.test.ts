import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAnswered, walkOperations } from '../../support/walk-operations.ts';
import { queue, stackCloud, type StackCloud } from './stack-cloud.ts';

let stacks: StackCloud;
beforeEach(async () => {
  stacks = await stackCloud();
});
afterEach(() => stacks.close());

it('[cloudformation.operations] every operation is answered, or refused by its name', async () => {
  const api = stacks.cloud.gateway.describe('cloudformation');
  if (!api) throw new Error('CloudFormation is open');
  const walked = await walkOperations(api, stacks.cfn);
  expect(walked.length).toBeGreaterThan(80);
  expect(walked.filter((operation) => !isAnswered(operation))).toEqual([]);
});

describe('the stacks of the app', () => {
  let app: string;
  beforeEach(() => {
    app = mkdtempSync(join(tmpdir(), 'slipway-app-'));
  });
  afterEach(() => rmSync(app, { recursive: true }));

  async function apply(name: string, resources: object): Promise<void> {
    mkdirSync(app, { recursive: true });
    const artifact = { type: 'aws:cloudformation:stack', properties: { templateFile: 't.json', stackName: name } };
    writeFileSync(join(app, 'manifest.json'), JSON.stringify({ artifacts: { [name]: artifact } }));
    const template = { Resources: resources, Outputs: { Url: { Value: { Ref: 'Q' } } } };
    writeFileSync(join(app, 't.json'), JSON.stringify(template));
    await stacks.cloud.apply(app);
  }

  it('[cloudformation.app.shown] are shown with their outputs and resources', async () => {
    await apply('App', { Q: queue({ QueueName: 'q' }) });
    const { Stacks: shown } = await stacks.cfn.describeStacks({ StackName: 'App' });
    expect(shown).toMatchObject([{ StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputKey: 'Url' }] }]);
    expect(await stacks.cfn.describeStackResources({ StackName: 'App' })).toMatchObject({
      StackResources: [{ LogicalResourceId: 'Q' }],
    });
    expect((await stacks.cfn.listStacks({})).StackSummaries).toHaveLength(1);
  });

  it('[cloudformation.app.not-changed] are not changed or deleted by a call', async () => {
    await apply('App', { Q: queue() });
    const refused = {
      name: 'NotImplemented',
      message: expect.stringContaining('stack App, which the app has') as unknown,
    };
    const template = JSON.stringify({ Resources: { Q: queue() } });
    await expect(stacks.cfn.deleteStack({ StackName: 'App' })).rejects.toMatchObject(refused);
    await expect(stacks.cfn.updateStack({ StackName: 'App', TemplateBody: template })).rejects.toMatchObject(refused);
    await expect(stacks.cfn.createStack({ StackName: 'App', TemplateBody: template })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
  });

  it('[cloudformation.app.apart] leave the stacks of the API alone, and may not take their names', async () => {
    await stacks.deploy('shop', { Resources: { Q: queue({ QueueName: 'kept' }) } });
    await apply('App', { Q: queue({ QueueName: 'q' }) });
    expect(await stacks.status('shop')).toBe('CREATE_COMPLETE');
    expect(await stacks.cloud.call('sqs', 'GetQueueUrl', { QueueName: 'kept' })).toBeDefined();
    await expect(apply('shop', { Q: queue() })).rejects.toThrow(
      "stack shop: a stack of this name was made through CloudFormation's API",
    );
  });
});
