import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { tour } from './tour.ts';

/** A template with a queue, which it exports under the name of its stack. */
function templateOf(name: string, visibilityTimeout = 30): string {
  const properties = { QueueName: name, VisibilityTimeout: visibilityTimeout };
  const output = { Value: { Ref: 'Queue' }, Export: { Name: `${name}-url` } };
  return JSON.stringify({
    Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties } },
    Outputs: { Url: output },
  });
}

tour(
  { service: 'cloudformation', client: CloudFormation },
  {
    'makes, updates, shows and deletes a stack': async (cfn, { cloud }) => {
      const StackName = 'whole';
      const { StackId } = await cfn.createStack({ StackName, TemplateBody: templateOf(StackName) });
      await cloud.settled();
      await cfn.updateStack({ StackName, TemplateBody: templateOf(StackName, 60) });
      await cloud.settled();
      expect((await cfn.describeStacks({ StackName })).Stacks).toMatchObject([
        { StackId, StackStatus: 'UPDATE_COMPLETE', Outputs: [{ OutputKey: 'Url' }] },
      ]);
      const { StackEvents = [] } = await cfn.describeStackEvents({ StackName });
      expect(StackEvents[0]).toMatchObject({ ResourceStatus: 'UPDATE_COMPLETE', LogicalResourceId: StackName });
      const { StackResources } = await cfn.describeStackResources({ StackName });
      expect(StackResources).toMatchObject([{ LogicalResourceId: 'Queue', ResourceType: 'AWS::SQS::Queue' }]);
      const { StackResourceSummaries } = await cfn.listStackResources({ StackName });
      expect(StackResourceSummaries).toMatchObject([{ LogicalResourceId: 'Queue' }]);
      expect((await cfn.getTemplate({ StackName })).TemplateBody).toBe(templateOf(StackName, 60));
      const { Exports = [] } = await cfn.listExports({});
      expect(Exports).toContainEqual(expect.objectContaining({ Name: 'whole-url', ExportingStackId: StackId }));
      await cfn.deleteStack({ StackName });
      await cloud.settled();
      const { StackSummaries = [] } = await cfn.listStacks({ StackStatusFilter: ['DELETE_COMPLETE'] });
      expect(StackSummaries.map((stack) => stack.StackId)).toContain(StackId);
    },
    'compares and executes change sets': async (cfn, { cloud }) => {
      const StackName = 'changing';
      const TemplateBody = templateOf(StackName);
      const change = { StackName, ChangeSetName: 'first' };
      await cfn.createChangeSet({ ...change, ChangeSetType: 'CREATE', TemplateBody });
      await cloud.settled();
      expect((await cfn.describeChangeSet(change)).Changes).toMatchObject([{ ResourceChange: { Action: 'Add' } }]);
      await cfn.executeChangeSet(change);
      await cloud.settled();
      const other = { StackName, ChangeSetName: 'second' };
      await cfn.createChangeSet({ ...other, TemplateBody: templateOf(StackName, 60) });
      await cloud.settled();
      const listed = async () => (await cfn.listChangeSets({ StackName })).Summaries?.map((each) => each.ChangeSetName);
      expect(await listed()).toContain('second');
      await cfn.deleteChangeSet(other);
      expect(await listed()).not.toContain('second');
    },
    'protects a stack from deletion': async (cfn, { cloud }) => {
      const StackName = 'protected';
      await cfn.createStack({ StackName, TemplateBody: templateOf(StackName) });
      await cloud.settled();
      await cfn.updateTerminationProtection({ StackName, EnableTerminationProtection: true });
      expect((await cfn.describeStacks({ StackName })).Stacks).toMatchObject([{ EnableTerminationProtection: true }]);
    },
    'reads a template': async (cfn) => {
      const TemplateBody = JSON.stringify({
        ...{ Description: 'a queue', Parameters: { Name: { Type: 'String' } } },
        Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
      });
      expect(await cfn.validateTemplate({ TemplateBody })).toMatchObject({
        Description: 'a queue',
        Parameters: [{ ParameterKey: 'Name' }],
      });
    },
  },
);
