import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openGateway as openSchedules } from '../../shared/aws/gateways/schedules.ts';
import { openGateway as openStacks } from '../../shared/aws/gateways/stacks.ts';

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } };
const refusal = (name: string, message = 'from AWS', httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
const stackId = 'arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1';

describe('stacks for actions', () => {
  const client = new CloudFormationClient(settings);
  const storage = new S3Client(settings);
  const mock = mockClient(client);
  const storageMock = mockClient(storage);
  const stacks = openStacks(client, storage);
  beforeEach(() => {
    mock.reset();
    storageMock.reset();
  });

  it('are found with their outputs, or not at all', async () => {
    mock.on(DescribeStacksCommand, { StackName: 'shop' }).resolves({
      Stacks: [
        {
          ...{ StackName: 'shop', StackId: stackId, StackStatus: 'CREATE_COMPLETE', CreationTime: new Date() },
          Outputs: [{ OutputKey: 'Url', OutputValue: 'https://shop.example' }],
        },
      ],
    });
    mock
      .on(DescribeStacksCommand, { StackName: 'none' })
      .rejects(refusal('ValidationError', 'Stack with id none does not exist'));
    expect(await stacks.find('shop')).toEqual({
      ...{ id: stackId, status: 'CREATE_COMPLETE', reason: undefined },
      outputs: { Url: 'https://shop.example' },
    });
    expect(await stacks.find('none')).toBeUndefined();
  });

  it.each([
    ['CREATE_PENDING', 'UNAVAILABLE', 'pending'],
    ['CREATE_IN_PROGRESS', 'UNAVAILABLE', 'pending'],
    ['CREATE_COMPLETE', 'AVAILABLE', 'ready'],
    ['CREATE_COMPLETE', 'EXECUTE_IN_PROGRESS', 'begun'],
    ['CREATE_COMPLETE', 'EXECUTE_COMPLETE', 'begun'],
    ['CREATE_COMPLETE', 'OBSOLETE', 'outdated'],
    ['FAILED', 'UNAVAILABLE', 'failed'],
  ] as const)('have a change set that is %s and %s as %s', async (Status, ExecutionStatus, status) => {
    mock.on(DescribeChangeSetCommand).resolves({ ChangeSetId: 'c', StackId: stackId, Status, ExecutionStatus });
    expect(await stacks.findChangeSet('shop', 'one')).toMatchObject({ id: 'c', stackId, status, changes: [] });
  });

  it('have every page of changes', async () => {
    const change = (LogicalResourceId: string, Replacement?: 'True' | 'False' | 'Conditional') => ({
      Type: 'Resource' as const,
      ResourceChange: {
        LogicalResourceId,
        ResourceType: 'T',
        Action: 'Modify' as const,
        ...(Replacement && { Replacement }),
      },
    });
    mock
      .on(DescribeChangeSetCommand)
      .resolvesOnce({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', Changes: [change('A')], NextToken: 'n' })
      .resolvesOnce({ Changes: [change('B', 'True'), change('C', 'Conditional'), change('D', 'False')] });
    const seen = await stacks.findChangeSet('shop', 'one');
    expect(seen?.changes.map(({ logicalId, type, replacement }) => `${logicalId} ${type} ${replacement}`)).toEqual([
      ...['A T no', 'B T yes', 'C T may', 'D T no'],
    ]);
    expect(mock.commandCalls(DescribeChangeSetCommand)[1]?.args[0].input.NextToken).toBe('n');
  });

  it.each([
    ['ChangeSetNotFoundException', 'ChangeSet [one] does not exist'],
    ['ChangeSetNotFound', 'ChangeSet [one] does not exist'],
    ['ValidationError', 'Stack [shop] does not exist'],
  ])('have no change set where CloudFormation says %s', async (name, message) => {
    mock.on(DescribeChangeSetCommand).rejects(refusal(name, message));
    expect(await stacks.findChangeSet('shop', 'one')).toBeUndefined();
  });

  const proposal = {
    ...{ name: 'one', stackName: 'shop', parameters: { Size: '2' }, tags: { team: 'a' }, roleArn: 'arn:role' },
    ...{ capabilities: ['CAPABILITY_IAM'], template: { text: '{}' } },
  };

  it('that are new are deleted where they cannot be made; a change set is made once', async () => {
    mock.on(CreateChangeSetCommand).resolvesOnce({}).rejects(refusal('AlreadyExistsException'));
    await stacks.propose({ ...proposal, isNew: true });
    await stacks.propose({ ...proposal, isNew: false, template: { url: 'https://bucket/key' } });
    const [first, second] = mock.commandCalls(CreateChangeSetCommand).map(({ args }) => args[0].input);
    expect(first).toEqual({
      ...{ StackName: 'shop', ChangeSetName: 'one', ClientToken: 'one', ChangeSetType: 'CREATE', TemplateBody: '{}' },
      ...{ Capabilities: ['CAPABILITY_IAM'], RoleARN: 'arn:role', OnStackFailure: 'DELETE' },
      Parameters: [{ ParameterKey: 'Size', ParameterValue: '2' }],
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    expect(second).toMatchObject({ ChangeSetType: 'UPDATE', TemplateURL: 'https://bucket/key' });
    expect(second).not.toHaveProperty('OnStackFailure');
  });

  it.each([
    ['ValidationError', 'Template format error: unresolved Ref', 'ConfigurationError'],
    ['ValidationError', 'Role arn:role is invalid or cannot be assumed', 'PermissionError'],
    ['ValidationError', 'Stack:shop is in UPDATE_IN_PROGRESS state and can not be updated.', 'SystemUnavailable'],
    ['InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_NAMED_IAM]', 'ConfigurationError'],
    ['LimitExceededException', 'limit', 'ConfigurationError'],
    ['AccessDenied', 'not allowed to call CreateChangeSet', 'PermissionError'],
  ])('fail for %s (%s) as %s, in the words of CloudFormation', async (name, words, type) => {
    mock.on(CreateChangeSetCommand).rejects(refusal(name, words));
    await expect(stacks.propose({ ...proposal, isNew: true })).rejects.toMatchObject({
      type,
      message: `stack shop was refused: ${words}`,
    });
  });

  it('that have changed since are told from those that cannot be reached', async () => {
    mock
      .on(ExecuteChangeSetCommand)
      .rejectsOnce(refusal('InvalidChangeSetStatusException'))
      .rejects(refusal('Throttling'));
    await expect(stacks.execute({ id: 'c', token: 't' })).rejects.toMatchObject({ type: 'RevisionOutOfSync' });
    await expect(stacks.execute({ id: 'c', token: 't' })).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  });

  it('are deleted as their own role where none is named', async () => {
    mock.on(DeleteStackCommand).resolves({});
    await stacks.delete({ id: stackId, token: 't' });
    await stacks.delete({ id: stackId, token: 't', roleArn: 'arn:role' });
    expect(mock.commandCalls(DeleteStackCommand).map(({ args }) => args[0].input)).toEqual([
      { StackName: stackId, ClientRequestToken: 't' },
      { StackName: stackId, ClientRequestToken: 't', RoleARN: 'arn:role' },
    ]);
  });

  it('have the failures of one operation, the first failure first, without the stack itself', async () => {
    const event = (LogicalResourceId: string, ResourceStatus: 'CREATE_FAILED' | 'CREATE_COMPLETE', more = {}) => ({
      ...{ StackId: stackId, EventId: LogicalResourceId, StackName: 'shop', Timestamp: new Date() },
      ...{ LogicalResourceId, ResourceStatus, ResourceType: 'AWS::SQS::Queue', ResourceStatusReason: 'no' },
      ...{ ClientRequestToken: 't', PhysicalResourceId: LogicalResourceId, ...more },
    });
    mock
      .on(DescribeStackEventsCommand)
      .resolvesOnce({
        StackEvents: [
          event('shop', 'CREATE_FAILED', { PhysicalResourceId: stackId }),
          event('Second', 'CREATE_FAILED'),
        ],
        NextToken: 'n',
      })
      .resolvesOnce({
        StackEvents: [
          event('First', 'CREATE_FAILED'),
          event('Fine', 'CREATE_COMPLETE'),
          event('Before', 'CREATE_FAILED', { ClientRequestToken: 'other' }),
        ],
        NextToken: 'm',
      });
    expect((await stacks.failures(stackId, 't')).map(({ logicalId }) => logicalId)).toEqual(['First', 'Second']);
    expect(mock.commandCalls(DescribeStackEventsCommand)).toHaveLength(2);
  });

  it('have templates that are kept where CloudFormation reads them', async () => {
    storageMock.on(PutObjectCommand).resolvesOnce({}).rejects(refusal('AccessDenied'));
    expect(await stacks.keepTemplate({ bucket: 'templates', key: 'a/b' }, '{}')).toBe(
      'https://templates.s3.us-east-1.amazonaws.com/a/b',
    );
    await expect(stacks.keepTemplate({ bucket: 'templates', key: 'a/b' }, '{}')).rejects.toMatchObject({
      type: 'PermissionError',
    });
  });
});

describe('schedules for actions', () => {
  const client = new SchedulerClient(settings);
  const mock = mockClient(client);
  const schedules = openSchedules(client);
  const roleArn = 'arn:aws:iam::123456789012:role/sweep';
  const wanted = { name: 's', stackId, at: '2026-01-05T17:00:00Z', roleArn, tokenPrefix: 'expired-' };
  beforeEach(() => mock.reset());

  it('delete a stack by its ID, try so again for a day, each time anew, and then delete themselves', async () => {
    mock.on(CreateScheduleCommand).resolves({});
    await schedules.deleteStackAt(wanted);
    expect(mock.commandCalls(CreateScheduleCommand)[0]?.args[0].input).toMatchObject({
      ...{ Name: 's', ScheduleExpression: 'rate(6 hours)', ActionAfterCompletion: 'DELETE' },
      ...{ StartDate: new Date('2026-01-05T17:00:00Z'), EndDate: new Date('2026-01-06T20:00:00Z') },
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack',
        Input: JSON.stringify({
          StackName: stackId,
          ClientRequestToken: 'expired-<aws.scheduler.execution-id>',
        }),
      },
    });
  });

  it('take the place of the one that is there', async () => {
    mock.on(CreateScheduleCommand).rejects(refusal('ConflictException'));
    mock.on(UpdateScheduleCommand).resolves({});
    await schedules.deleteStackAt(wanted);
    expect(mock.commandCalls(UpdateScheduleCommand)[0]?.args[0].input).toMatchObject({ Name: 's' });
  });

  it.each([
    ['AccessDeniedException', 'PermissionError'],
    ['ValidationException', 'ConfigurationError'],
  ])('fail for %s as %s', async (name, type) => {
    mock.on(CreateScheduleCommand).rejects(refusal(name));
    await expect(schedules.deleteStackAt(wanted)).rejects.toMatchObject({ type });
  });
});
