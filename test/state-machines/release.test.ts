import { readFileSync } from 'node:fs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { expressionOf } from '../../shared/state/expression.ts';
import { registration } from '../../shared/state/waits.ts';
import { evaluate, readMachine, type State } from './machine.ts';

const text = readFileSync(new URL('../../state-machines/release.asl.json', import.meta.url), 'utf8');
const machine = readMachine(text);
const states = Object.entries(machine.States);
const tasks = states.filter(([, state]) => state.Type === 'Task');
const waits = tasks.filter(([, state]) => state.Resource?.endsWith('.waitForTaskToken'));

describe('release.asl.json', () => {
  it('is a valid state machine', async () => {
    const { default: validate } = await import('asl-validator');
    expect(validate(JSON.parse(text)).errors).toEqual([]);
  });

  it.each(states)('says why "%s" exists', (_, state) => {
    expect(state.Comment).toMatch(/\.$/);
  });

  it.each(tasks)('bounds "%s" in time and in tries', (_, state) => {
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
    for (const retry of state.Retry ?? []) {
      expect(retry.MaxAttempts).toBeGreaterThan(0);
      expect(retry.MaxAttempts).toBeLessThanOrEqual(20);
      expect(retry.ErrorEquals).not.toContain('States.ALL');
    }
    expect(state.Retry?.length).toBeGreaterThan(0);
  });

  it.each(tasks.filter(([name]) => name !== 'Record the failure'))(
    'leads any error of "%s" to the failure path',
    (_, state) => {
      expect(state.Catch?.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'Record the failure' });
    },
  );

  it('names no ARN but integrations', () => {
    const arns = [...text.matchAll(/arn:[^"]*/g)].map(([arn]) => arn);
    expect(arns.filter((arn) => !arn.startsWith('arn:aws:states:::'))).toEqual([]);
  });

  it('enters at most 12 states on the happy path', () => {
    const path = ['Record the request'];
    const chosen: Record<string, string> = {
      'Is it a duplicate?': 'Plan the release',
      'Is the source there?': 'Take the slot',
      'Is the slot ours?': 'Launch the pipeline',
    };
    for (let name: string | undefined = machine.StartAt; name;) {
      const state: State | undefined = machine.States[name];
      name = chosen[name] ?? state?.Next;
      if (name) path.push(name);
    }
    expect(path.at(-1)).toBe('Finish the release');
    expect(path.length).toBeLessThanOrEqual(12);
  });

  it('leads every state somewhere that exists', () => {
    const targets = states.flatMap(([, state]) => [
      ...(state.Next ? [state.Next] : []),
      ...(state.Default ? [state.Default] : []),
      ...(state.Choices ?? []).map((choice) => choice.Next),
      ...(state.Catch ?? []).map((caught) => caught.Next),
    ]);
    expect(targets.filter((target) => !(target in machine.States))).toEqual([]);
  });

  it('waits in three places', () => {
    expect(waits.map(([name]) => name)).toEqual(['Wait for the source', 'Wait for the slot', 'Wait for the pipeline']);
  });

  it.each(waits)('registers "%s" exactly as waits.ts declares it', async (_, state) => {
    const wait = {
      key: 'slot/checkout/r-1',
      token: 'TOKEN',
      execution: 'arn:execution',
      registeredAt: '2026-01-05T09:00:00.000Z',
    };
    const context = {
      Task: { Token: wait.token },
      Execution: { Id: wait.execution },
      State: { EnteredTime: wait.registeredAt },
    };
    const evaluated = await evaluate(state.Arguments, { wait: wait.key, states: { context } });
    const write = registration(wait);
    const { ExpressionAttributeValues: values, ...expression } = expressionOf(write);
    expect(evaluated).toEqual({
      TableName: '${TableName}',
      Key: marshall('update' in write ? write.update : {}),
      ...expression,
      ExpressionAttributeValues: marshall(values ?? {}),
    });
  });

  it.each(waits)('goes on from "%s" when the outcome came first', (_, state) => {
    expect(state.Catch?.[0]?.ErrorEquals).toEqual(['DynamoDb.ConditionalCheckFailedException']);
    expect(state.Catch?.[0]?.Next).not.toBe('Record the failure');
  });
});
