import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { tour } from './tour.ts';

const queue = (VisibilityTimeout: number) => ({ Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout } });
const body = (Resources: object) => JSON.stringify({ Description: 'queues', Resources });

tour(
  { service: 'cloudformation', client: CloudFormation },
  {
    'makes and changes a stack by change sets': async (cloudFormation, { cloud }) => {
      const StackName = 'reviewed';
      const first = { StackName, ChangeSetName: 'first' };
      const TemplateBody = body({ Inbox: queue(10) });
      await cloudFormation.createChangeSet({ ...first, ChangeSetType: 'CREATE', TemplateBody });
      await cloud.settled();
      expect(await cloudFormation.describeChangeSet(first)).toMatchObject({ ExecutionStatus: 'AVAILABLE' });
      expect((await cloudFormation.listChangeSets({ StackName })).Summaries).toMatchObject([
        { ChangeSetName: 'first' },
      ]);
      await cloudFormation.executeChangeSet(first);
      await cloud.settled();
      const { Stacks: stacks } = await cloudFormation.describeStacks({ StackName });
      expect(stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE', Description: 'queues' }]);
      const second = { StackName, ChangeSetName: 'second' };
      await cloudFormation.createChangeSet({ ...second, TemplateBody: body({ Inbox: queue(20) }) });
      await cloud.settled();
      await cloudFormation.deleteChangeSet(second);
      const { Summaries: left } = await cloudFormation.listChangeSets({ StackName });
      expect(left?.map(({ ChangeSetName: name }) => name)).toEqual(['first']);
    },
    'makes, shows, changes and deletes a stack': async (cloudFormation, { cloud }) => {
      const StackName = 'direct';
      await cloudFormation.createStack({ StackName, TemplateBody: body({ Inbox: queue(10) }) });
      await cloud.settled();
      await cloudFormation.updateStack({ StackName, TemplateBody: body({ Inbox: queue(20) }) });
      await cloud.settled();
      expect((await cloudFormation.getTemplate({ StackName })).TemplateBody).toBe(body({ Inbox: queue(20) }));
      const { StackEvents: events } = await cloudFormation.describeStackEvents({ StackName });
      expect(events?.[0]).toMatchObject({ ResourceStatus: 'UPDATE_COMPLETE', LogicalResourceId: StackName });
      const { StackResources: resources } = await cloudFormation.describeStackResources({ StackName });
      expect(resources).toMatchObject([{ LogicalResourceId: 'Inbox', ResourceStatus: 'UPDATE_COMPLETE' }]);
      const LogicalResourceId = 'Inbox';
      const { StackResourceDetail: detail } = await cloudFormation.describeStackResource({
        StackName,
        LogicalResourceId,
      });
      expect(detail).toMatchObject({ LogicalResourceId, ResourceType: 'AWS::SQS::Queue' });
      const { StackResourceSummaries: summaries } = await cloudFormation.listStackResources({ StackName });
      expect(summaries).toMatchObject([{ LogicalResourceId: 'Inbox' }]);
      await cloudFormation.updateTerminationProtection({ StackName, EnableTerminationProtection: false });
      await cloudFormation.deleteStack({ StackName });
      await cloud.settled();
      const { StackSummaries: deleted } = await cloudFormation.listStacks({ StackStatusFilter: ['DELETE_COMPLETE'] });
      expect(deleted).toMatchObject([{ StackName }]);
    },
    'lists exports and validates templates': async (cloudFormation, { cloud }) => {
      const Outputs = { Url: { Value: { Ref: 'Inbox' }, Export: { Name: 'inbox-url' } } };
      const TemplateBody = JSON.stringify({ Resources: { Inbox: queue(10) }, Outputs });
      await cloudFormation.createStack({ StackName: 'exporting', TemplateBody });
      await cloud.settled();
      expect((await cloudFormation.listExports({})).Exports).toMatchObject([{ Name: 'inbox-url' }]);
      expect((await cloudFormation.validateTemplate({ TemplateBody: body({ Inbox: queue(1) }) })).Description).toBe(
        'queues',
      );
      const { ResourceTypes: types } = await cloudFormation.getTemplateSummary({ StackName: 'exporting' });
      expect(types).toEqual(['AWS::SQS::Queue']);
    },
  },
);
