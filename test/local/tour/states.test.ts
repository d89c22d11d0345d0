import { SFN } from '@aws-sdk/client-sfn';
import { SQS } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { tour, type World } from './tour.ts';

const roleArn = 'arn:aws:iam::123456789012:role/machines';
const trust = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const sending = {
  PolicyName: 'send',
  PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};
const resources = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'machines', AssumeRolePolicyDocument: trust, Policies: [sending] },
  },
  Tokens: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'tokens' } },
};

const machine = (states: object): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'First', States: states });
const pass = machine({ First: { Type: 'Pass', Output: '{% $states.input %}', End: true } });
const wait = machine({ First: { Type: 'Wait', Seconds: 3600, Next: 'Last' }, Last: { Type: 'Succeed' } });
const ask = ({ cloud }: World): string =>
  machine({
    First: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Arguments: {
        QueueUrl: `${cloud.endpoint}/123456789012/tokens`,
        MessageBody: '{% $states.context.Task.Token %}',
      },
      End: true,
    },
  });

/** Starts an execution that waits for an answer, and takes its token from the queue. */
async function tokenOf(states: SFN, world: World, stateMachineArn: string): Promise<[string, string]> {
  const { executionArn = '' } = await states.startExecution({ stateMachineArn });
  await world.cloud.settled();
  const QueueUrl = `${world.cloud.endpoint}/123456789012/tokens`;
  const sqs = world.client(SQS);
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl });
  await sqs.deleteMessage({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle });
  return [executionArn, Messages[0]?.Body ?? ''];
}

tour(
  // The client puts `sync-` before the host of StartSyncExecution, which 127.0.0.1 does not bear.
  { service: 'states', client: SFN, config: { disableHostPrefix: true }, resources },
  {
    'makes, changes, lists and deletes state machines': async (states) => {
      const { stateMachineArn } = await states.createStateMachine({ name: 'machine', definition: pass, roleArn });
      await states.updateStateMachine({ stateMachineArn, definition: wait });
      expect((await states.describeStateMachine({ stateMachineArn })).definition).toBe(wait);
      const { stateMachines = [] } = await states.listStateMachines({});
      expect(stateMachines.map(({ name }) => name)).toContain('machine');
      await states.deleteStateMachine({ stateMachineArn });
      const gone = states.describeStateMachine({ stateMachineArn });
      await expect(gone).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    },
    'checks a definition, and tags a machine': async (states) => {
      expect(await states.validateStateMachineDefinition({ definition: pass })).toMatchObject({ result: 'OK' });
      const { stateMachineArn: resourceArn } = await states.createStateMachine({
        name: 'tags',
        definition: pass,
        roleArn,
      });
      await states.tagResource({ resourceArn, tags: [{ key: 'team', value: 'a' }] });
      expect((await states.listTagsForResource({ resourceArn })).tags).toEqual([{ key: 'team', value: 'a' }]);
      await states.untagResource({ resourceArn, tagKeys: ['team'] });
      expect((await states.listTagsForResource({ resourceArn })).tags).toEqual([]);
    },
    'has versions and aliases': async (states) => {
      const { stateMachineArn } = await states.createStateMachine({ name: 'versioned', definition: pass, roleArn });
      const { stateMachineVersionArn = '' } = await states.publishStateMachineVersion({ stateMachineArn });
      expect(stateMachineVersionArn).toBe(`${stateMachineArn}:1`);
      const routingConfiguration = [{ stateMachineVersionArn, weight: 100 }];
      const { stateMachineAliasArn } = await states.createStateMachineAlias({ name: 'live', routingConfiguration });
      await states.updateStateMachineAlias({ stateMachineAliasArn, description: 'what runs' });
      const described = await states.describeStateMachineAlias({ stateMachineAliasArn });
      expect(described).toMatchObject({ description: 'what runs', routingConfiguration });
      const { stateMachineAliases } = await states.listStateMachineAliases({ stateMachineArn });
      expect(stateMachineAliases).toMatchObject([{ stateMachineAliasArn }]);
      await states.deleteStateMachineAlias({ stateMachineAliasArn });
      await states.deleteStateMachineVersion({ stateMachineVersionArn });
      expect((await states.listStateMachineVersions({ stateMachineArn })).stateMachineVersions).toEqual([]);
    },
    'runs executions and tells their history': async (states, { cloud }) => {
      const { stateMachineArn } = await states.createStateMachine({ name: 'runs', definition: pass, roleArn });
      const { executionArn } = await states.startExecution({ stateMachineArn, input: '{"a":1}' });
      await cloud.settled();
      expect(await states.describeExecution({ executionArn })).toMatchObject({
        ...{ status: 'SUCCEEDED', output: '{"a":1}' },
      });
      expect((await states.listExecutions({ stateMachineArn })).executions).toMatchObject([{ executionArn }]);
      const { events = [] } = await states.getExecutionHistory({ executionArn, reverseOrder: true });
      expect(events[0]?.type).toBe('ExecutionSucceeded');
      const { definition } = await states.describeStateMachineForExecution({ executionArn });
      expect(definition).toBe(pass);
    },
    'runs an Express machine while the caller waits': async (states) => {
      const express = { name: 'express', definition: pass, roleArn, type: 'EXPRESS' } as const;
      const { stateMachineArn } = await states.createStateMachine(express);
      const ran = await states.startSyncExecution({ stateMachineArn, input: '{"a":1}' });
      expect(ran).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
    },
    'runs a failed execution again from its failed state': async (states, { cloud }) => {
      const fail = machine({ First: { Type: 'Fail', Error: 'Refused' } });
      const { stateMachineArn } = await states.createStateMachine({ name: 'fails', definition: fail, roleArn });
      const { executionArn } = await states.startExecution({ stateMachineArn });
      await cloud.settled();
      expect((await states.redriveExecution({ executionArn })).redriveDate).toBeInstanceOf(Date);
      await cloud.settled();
      expect(await states.describeExecution({ executionArn })).toMatchObject({ status: 'FAILED', redriveCount: 1 });
    },
    'stops an execution': async (states) => {
      const { stateMachineArn } = await states.createStateMachine({ name: 'waits', definition: wait, roleArn });
      const { executionArn } = await states.startExecution({ stateMachineArn });
      expect((await states.stopExecution({ executionArn, cause: 'enough' })).stopDate).toBeInstanceOf(Date);
      expect(await states.describeExecution({ executionArn })).toMatchObject({ status: 'ABORTED', cause: 'enough' });
    },
    'waits for the token of a task': async (states, world) => {
      const definition = ask(world);
      const { stateMachineArn = '' } = await states.createStateMachine({ name: 'asks', definition, roleArn });
      const [answered, token] = await tokenOf(states, world, stateMachineArn);
      await states.sendTaskHeartbeat({ taskToken: token });
      await states.sendTaskSuccess({ taskToken: token, output: '"yes"' });
      await world.cloud.settled();
      expect(await states.describeExecution({ executionArn: answered })).toMatchObject({ output: '"yes"' });
      const [failed, taskToken] = await tokenOf(states, world, stateMachineArn);
      await states.sendTaskFailure({ taskToken, error: 'Refused', cause: 'no' });
      await world.cloud.settled();
      expect(await states.describeExecution({ executionArn: failed })).toMatchObject({ error: 'Refused' });
    },
  },
);
