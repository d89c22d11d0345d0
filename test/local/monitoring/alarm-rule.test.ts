import type { StateValue } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { alarmsOf, holds, parseAlarmRule } from '../../../local/services/monitoring/alarm-rule.ts';

const states: Readonly<Record<string, StateValue>> = { a: 'ALARM', b: 'OK', 'c d': 'INSUFFICIENT_DATA' };
const check = (rule: string): boolean => holds(parseAlarmRule(rule), (name) => states[name]);

describe('rules of composite alarms', () => {
  it.each<[string, boolean]>([
    ['ALARM(a)', true],
    ['ALARM("a")', true],
    ['OK(a)', false],
    ['INSUFFICIENT_DATA("c d")', true],
    ['NOT ALARM(a)', false],
    ['NOT (OK(a) OR OK(b))', false],
    ['ALARM(a) AND OK(b)', true],
    ['ALARM(b) OR ALARM(a)', true],
    ['TRUE OR FALSE AND FALSE', true],
    ['(TRUE OR FALSE) AND FALSE', false],
    ['ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:a)', true],
    ['ALARM(gone)', false],
  ])('[cloudwatch.composite.rule] reads %s', (rule, expected) => {
    expect(check(rule)).toBe(expected);
  });

  it('names the alarms of a rule', () => {
    expect(alarmsOf(parseAlarmRule('NOT (OK(a) OR ALARM("c d")) AND TRUE'))).toEqual(['a', 'c d']);
  });

  it.each(['', 'a', 'ALARM a', 'ALARM()', 'ALARM(a', 'ALARM(a) OK(b)', 'AND ALARM(a)', 'ALARM(a) OR', '(TRUE'])(
    '[cloudwatch.composite.rule-refused] refuses %j',
    (rule) => {
      expect(() => parseAlarmRule(rule)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
    },
  );
});
