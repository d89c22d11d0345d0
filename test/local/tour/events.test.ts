import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SQS } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { tour } from './tour.ts';

const queueArn = 'arn:aws:sqs:us-east-1:123456789012:inbox';
const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: queueArn };
const resources = {
  Inbox: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'inbox' } },
  Policy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'Inbox' }], PolicyDocument: { Version: '2012-10-17', Statement: [statement] } },
  },
};
const EventPattern = JSON.stringify({ source: ['shop'] });

tour(
  { service: 'events', client: EventBridge, resources },
  {
    'makes, changes, lists and deletes buses': async (events) => {
      const Name = 'orders';
      const { EventBusArn } = await events.createEventBus({ Name });
      expect(EventBusArn).toBe('arn:aws:events:us-east-1:123456789012:event-bus/orders');
      await events.updateEventBus({ Name, Description: 'of the shop' });
      const permission = { EventBusName: Name, StatementId: 'other' };
      await events.putPermission({ ...permission, Action: 'events:PutEvents', Principal: '111122223333' });
      const described = await events.describeEventBus({ Name });
      expect(described).toMatchObject({ Description: 'of the shop', Policy: expect.stringContaining('111122223333') });
      await events.removePermission(permission);
      expect((await events.describeEventBus({ Name })).Policy).toBeUndefined();
      expect((await events.listEventBuses({ NamePrefix: 'ord' })).EventBuses).toMatchObject([{ Name }]);
      await events.deleteEventBus({ Name });
      expect((await events.listEventBuses({ NamePrefix: 'ord' })).EventBuses).toEqual([]);
    },
    'sends events to the targets of a rule': async (events, { cloud, client }) => {
      const Rule = 'to-inbox';
      await events.putRule({ Name: Rule, EventPattern });
      const added = await events.putTargets({ Rule, Targets: [{ Id: 'queue', Arn: queueArn }] });
      expect(added.FailedEntryCount).toBe(0);
      expect((await events.listTargetsByRule({ Rule })).Targets).toEqual([{ Id: 'queue', Arn: queueArn }]);
      expect((await events.listRuleNamesByTarget({ TargetArn: queueArn })).RuleNames).toEqual([Rule]);
      const event = { Source: 'shop', DetailType: 'order', Detail: '{"number":1}' };
      expect((await events.putEvents({ Entries: [event] })).FailedEntryCount).toBe(0);
      await cloud.settled();
      const QueueUrl = `${cloud.endpoint}/123456789012/inbox`;
      const { Messages = [] } = await client(SQS).receiveMessage({ QueueUrl });
      expect(JSON.parse(Messages[0]?.Body ?? '{}')).toMatchObject({ source: 'shop', detail: { number: 1 } });
      expect((await events.removeTargets({ Rule, Ids: ['queue'] })).FailedEntryCount).toBe(0);
      await events.deleteRule({ Name: Rule });
      await expect(events.describeRule({ Name: Rule })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
    'turns rules off and on': async (events) => {
      const Name = 'switched';
      await events.putRule({ Name, EventPattern });
      await events.disableRule({ Name });
      expect(await events.describeRule({ Name })).toMatchObject({ State: 'DISABLED', EventPattern });
      await events.enableRule({ Name });
      expect((await events.listRules({ NamePrefix: 'switch' })).Rules).toMatchObject([{ Name, State: 'ENABLED' }]);
    },
    'tries a pattern on an event': async (events) => {
      const event = {
        ...{ id: '1', account: '123456789012', source: 'shop', time: '2026-01-05T09:00:00Z', region: 'us-east-1' },
        ...{ 'detail-type': 'order', resources: [], detail: {} },
      };
      const asked = { EventPattern, Event: JSON.stringify(event) };
      expect((await events.testEventPattern(asked)).Result).toBe(true);
    },
  },
);
