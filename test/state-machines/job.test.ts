import { readFileSync } from 'node:fs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { renewalSeconds, writeRenewalToken } from '../../shared/actions/runner/long-job.ts';
import { expressionOf } from '../../shared/state/expression.ts';
import { keys } from '../../shared/state/table.ts';
import { registration, waitKeys } from '../../shared/state/waits.ts';
import { evaluate, readMachine } from './machine.ts';

const text = readFileSync(new URL('../../state-machines/job.asl.json', import.meta.url), 'utf8');
const machine = readMachine(text);
const states = Object.entries(machine.States);
const tasks = states.filter(([, state]) => state.Type === 'Task');
const waits = tasks.filter(([, state]) => state.Resource?.endsWith('.waitForTaskToken'));

describe('job.asl.json', () => {
  it('is a valid state machine', async () => {
    const { default: validate } = await import('asl-validator');
    expect(validate(JSON.parse(text)).errors).toEqual([]);
  });

  it.each(states)('says why "%s" exists', (_, state) => {
    expect(state.Comment).toMatch(/\.$/);
  });

  it.each(tasks)('bounds "%s" in time and in tries, and leads any error to the end', (_, state) => {
    expect(state.TimeoutSeconds).toBeDefined();
    expect(state.Retry?.length).toBeGreaterThan(0);
    for (const { MaxAttempts: tries, ErrorEquals: errors } of state.Retry ?? []) {
      expect(tries).toBeLessThanOrEqual(20);
      expect(errors).not.toContain('States.ALL');
    }
    expect(state.Catch?.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'End as failed' });
  });

  it('names no ARN but integrations', () => {
    const arns = [...text.matchAll(/arn:[^"]*/g)].map(([arn]) => arn);
    expect(arns.filter((arn) => !arn.startsWith('arn:aws:states:::'))).toEqual([]);
  });

  it.each(waits)('registers "%s" exactly as waits.ts declares it', async (_, state) => {
    const wait = {
      key: waitKeys.longJob('job-1'),
      token: 'TOKEN',
      execution: 'arn:execution',
      registeredAt: '2026-01-05T09:00:00.000Z',
    };
    const context = {
      Task: { Token: wait.token },
      Execution: { Id: wait.execution },
      State: { EnteredTime: wait.registeredAt },
    };
    const write = registration(wait);
    const { ExpressionAttributeValues: values, ...expression } = expressionOf(write);
    expect(await evaluate(state.Arguments, { firstJobId: 'job-1', states: { context } })).toEqual({
      TableName: '${TableName}',
      Key: marshall('update' in write ? write.update : {}),
      ...expression,
      ExpressionAttributeValues: marshall(values ?? {}),
    });
  });

  it.each(waits)('looks at the work when "%s" was resumed before it was registered', (_, state) => {
    expect(state.Catch?.[0]).toMatchObject({
      ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'],
      Next: 'Look at the work',
    });
  });

  it('begins to renew the record that the functions keep, by the token that they read', async () => {
    const begin = machine.States['Begin to renew'];
    expect(await evaluate(begin?.Arguments, { firstJobId: 'job-1' })).toMatchObject({
      Key: marshall({ ...keys.longJob('job-1') }),
    });
    expect(begin?.['Assign']).toEqual({ seconds: '{% $everySeconds %}' });
    const started = { firstJobId: 'job-1', functionArn: 'arn:function', seconds: 1 };
    expect(await evaluate(machine.States['Begin']?.['Assign'], { states: { input: started } })).toMatchObject({
      everySeconds: renewalSeconds,
    });
    const renew = machine.States['Renew the job'];
    const answered = async (record: object): Promise<unknown> => {
      const states = { result: { Attributes: marshall({ currentJobId: 'job-2', ...record }) } };
      const input = await evaluate(begin?.['Output'], { states });
      return evaluate(renew?.Arguments, { firstJobId: 'job-1', states: { input } });
    };
    const plain = { JobId: 'job-2', ContinuationToken: writeRenewalToken('job-1') };
    expect(await answered({ summary: '', externalExecutionId: '' })).toEqual({
      ...plain,
      ExecutionDetails: { Summary: 'waiting' },
    });
    expect(await answered({ summary: 'it runs', externalExecutionId: 'work/7' })).toEqual({
      ...plain,
      ExecutionDetails: { Summary: 'it runs', ExternalExecutionId: 'work/7' },
    });
  });

  it.each([
    [
      { next: 'event', seconds: 300, everySeconds: 600 },
      { seconds: 300, everySeconds: 600 },
    ],
    [
      { next: 'check', seconds: 30 },
      { seconds: 30, everySeconds: renewalSeconds },
    ],
    [{ next: 'end' }, { seconds: 0, everySeconds: renewalSeconds }],
  ])('waits, and renews from then on, as a look at the work says: %o', async (Payload, expected) => {
    const states = { result: { Payload } };
    expect(await evaluate(machine.States['Look at the work']?.['Assign'], { states })).toEqual(expected);
  });

  it('enters three states for a renewal', () => {
    const path = ['Wait for the event'];
    path.push(
      machine.States['Wait for the event']?.Catch?.find(({ ErrorEquals: [name] }) => name === 'States.Timeout')?.Next ??
        '',
    );
    path.push(machine.States[path.at(-1) ?? '']?.Next ?? '');
    expect(path).toEqual(['Wait for the event', 'Begin to renew', 'Renew the job']);
    expect(machine.States['Renew the job']?.Next).toBe('Wait for the event');
  });
});
