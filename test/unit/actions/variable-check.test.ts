import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { variableCheck } from '../../../shared/actions/variable-check/declaration.ts';
import { problemOf } from '../../../shared/actions/variable-check/evaluate.ts';
import run from '../../../shared/actions/variable-check/run.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';

const read = (check: object) => z.parse(variableCheck.parameters, { checks: [check] }).checks[0]!;
const holds = (check: object): boolean => problemOf(read(check)) === undefined;

describe('a check', () => {
  it.each([
    ['main', 'equals', 'main', 'Main'],
    ['main', 'notEquals', 'dev', 'main'],
    ['a-b-c', 'contains', '-b-', 'd'],
    ['a-b-c', 'notContains', 'd', '-b-'],
    ['v1.2', 'startsWith', 'v', '1'],
    ['v1.2', 'endsWith', '.2', 'v'],
    ['v1.2', 'matches', String.raw`^v\d+\.\d+$`, '^v$'],
    ['v1.2', 'notMatches', '^w', '1'],
    ['5', 'greaterThan', '4.5', '5'],
    ['5', 'atLeast', 5, 5.1],
    ['-5', 'lessThan', '0', '-5'],
    ['1e3', 'atMost', '1000', '999'],
    ['main', 'isIn', ['dev', 'main'], ['dev']],
    ['main', 'isNotIn', ['dev'], ['dev', 'main']],
  ])('of "%s" that it %s holds for %j and not for %j', (value, operator, good, bad) => {
    expect(holds({ value, operator, expected: good })).toBe(true);
    expect(holds({ value, operator, expected: bad })).toBe(false);
  });

  it('of emptiness needs nothing to compare with', () => {
    expect(holds({ value: '', operator: 'isEmpty' })).toBe(true);
    expect(holds({ value: ' ', operator: 'isEmpty' })).toBe(false);
    expect(holds({ value: 'x', operator: 'isNotEmpty' })).toBe(true);
    expect(holds({ value: '', operator: 'isNotEmpty' })).toBe(false);
  });

  it('of versions goes by their parts, and of numbers by their size', () => {
    const more = { value: '1.10.0', operator: 'greaterThan', expected: '1.9.0', as: 'version' };
    expect(holds(more)).toBe(true);
    expect(holds({ ...more, value: 'v2.0.0-rc.1', expected: '2.0.0' })).toBe(false);
    expect(holds({ value: '1.10', operator: 'greaterThan', expected: '1.9' })).toBe(false);
  });

  it.each([
    [{ value: '#{Scan.count}', operator: 'notEquals', expected: '1' }, /has not filled in/],
    [{ value: '', operator: 'atLeast', expected: 0 }, /is "", which is no number/],
    [{ value: '0x10', operator: 'atLeast', expected: 0 }, /which is no number/],
    [{ value: 'NaN', operator: 'atMost', expected: 0 }, /which is no number/],
    [{ value: '1.10', operator: 'atLeast', expected: '1.9.0', as: 'version' }, /which is no version/],
    [{ value: '1', operator: 'atLeast', expected: 'many' }, /"many" to compare it with is no number/],
    [{ value: 'a', operator: 'notMatches', expected: '(#{x}' }, /cannot be read/],
    [{ value: 'x'.repeat(500), operator: 'equals', expected: 'y' }, /^a value is "x{119}…", it has to be "y"$/],
  ])('that cannot be decided or shown whole does not hold: %j', (check, message) => {
    expect(problemOf(read(check))).toMatch(message);
  });

  it('with an expression that takes for ever does not hold', () => {
    expect(problemOf(read({ value: `${'a'.repeat(40)}!`, operator: 'notMatches', expected: '^(a+)+$' }))).toMatch(
      /takes too long/,
    );
  });

  it('of order has one answer for every two numbers', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (value, expected) => {
        const told = (operator: string) => holds({ value: String(value), operator, expected });
        expect([told('lessThan'), told('greaterThan')]).toEqual([!told('atLeast'), !told('atMost')]);
        expect(told('atLeast') && told('atMost')).toBe(value === expected);
      }),
    );
  });
});

async function run1(parameters: object) {
  const { answers } = await actionBench(run).deliver({ parameters });
  expect(answers).toHaveLength(1);
  return answers[0]?.answer;
}

const good = { name: 'branch', value: 'main', operator: 'isIn', expected: ['main'] };
const bad = { name: 'findings', value: '7', operator: 'atMost', expected: 3 };

describe('variable-check', () => {
  it('succeeds when all checks hold, or any where one is enough', async () => {
    expect(await run1({ checks: [good] })).toMatchObject({ kind: 'succeeded', summary: '1 check, all hold' });
    expect(await run1({ checks: [good, bad], require: 'any' })).toMatchObject({
      ...{ kind: 'succeeded', outputs: { checkCount: '2', failedCount: '1' } },
    });
  });

  it('names every check that fails', async () => {
    const other = { value: 'dev', operator: 'equals', expected: 'main' };
    expect(await run1({ checks: [bad, good, other] })).toEqual({
      ...{ kind: 'failed', type: 'JobFailed' },
      message: '2 of 3 checks failed: findings is "7", it has to be at most 3; a value is "dev", it has to be "main"',
    });
    expect(await run1({ checks: [bad, other], require: 'any' })).toMatchObject({ kind: 'failed' });
  });

  it.each([
    [{ checks: [] }, /checks/],
    [{ checks: [{ value: 'a', operator: 'is', expected: 'a' }] }, /checks\.0\.operator/],
    [{ checks: [{ value: 'a', operator: 'isIn', expected: 'a' }] }, /checks\.0\.expected/],
    [{ checks: [{ value: 'a', operator: 'isEmpty', expected: 'a' }] }, /checks\.0/],
    [{ checks: [{ value: 'a', operator: 'matches', expected: '(' }] }, /checks\.0\.expected: must be a regular/],
    [{ checks: [{ value: 1, operator: 'equals', expected: '1' }] }, /checks\.0\.value/],
  ])('refuses %j, naming the place', async (parameters, message) => {
    expect(await run1(parameters)).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringMatching(message),
    });
  });
});
