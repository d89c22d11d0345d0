import type { StateValue } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../errors.ts';

/** A composite alarm's rule, read. */
export type AlarmRule =
  | { readonly kind: 'state'; readonly state: StateValue; readonly alarm: string }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'not'; readonly of: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly of: readonly AlarmRule[] };

const maximumLength = 10_240;
const maximumDepth = 100;
const token = /\s*(?:(\(|\))|"((?:[^"\\]|\\.)*)"|([^\s()"]+))/y;

interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Reads a rule expression. AND binds tighter than OR. @throws AwsError ValidationError with what is wrong */
export function parseAlarmRule(text: string): AlarmRule {
  if (text.length === 0 || text.length > maximumLength) throw invalid(`it must have 1 to ${maximumLength} characters`);
  const tokens = readTokens(text);
  let at = 0;
  const takes = (word: string): boolean => {
    const next = tokens[at];
    const isNext = next !== undefined && !next.isQuoted && next.text.toUpperCase() === word;
    if (isNext) at += 1;
    return isNext;
  };
  const expect = (word: string): void => {
    if (!takes(word)) throw invalid(`${word} is missing before ${tokens[at]?.text ?? 'its end'}`);
  };
  const chain = (kind: 'and' | 'or', word: string, part: (depth: number) => AlarmRule, depth: number): AlarmRule => {
    const parts = [part(depth)];
    while (takes(word)) parts.push(part(depth));
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind, of: parts };
  };
  const either = (depth: number): AlarmRule => chain('or', 'OR', both, depth);
  const both = (depth: number): AlarmRule => chain('and', 'AND', single, depth);
  const single = (depth: number): AlarmRule => {
    if (depth > maximumDepth) throw invalid(`it is nested deeper than ${maximumDepth}`);
    if (takes('NOT')) return { kind: 'not', of: single(depth + 1) };
    if (takes('TRUE')) return { kind: 'constant', value: true };
    if (takes('FALSE')) return { kind: 'constant', value: false };
    if (takes('(')) {
      const inside = either(depth + 1);
      expect(')');
      return inside;
    }
    return stateTest();
  };
  const stateTest = (): AlarmRule => {
    const state = (['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const).find((word) => takes(word));
    if (!state) throw invalid(`${tokens[at]?.text ?? 'its end'} is no state, TRUE, FALSE, NOT or bracket`);
    expect('(');
    const alarm = tokens[at++];
    if (!alarm || (!alarm.isQuoted && /^[()]$/.test(alarm.text))) throw invalid(`${state} names no alarm`);
    expect(')');
    return { kind: 'state', state, alarm: alarmName(alarm.text) };
  };
  const rule = either(0);
  const rest = tokens[at];
  if (rest) throw invalid(`${rest.text} stands after its end`);
  return rule;
}

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < trimmed.length) {
    const from = token.lastIndex;
    const match = token.exec(trimmed);
    if (!match) throw invalid(`it cannot be read from ${trimmed.slice(from, from + 20)}`);
    const [, bracket, quoted, word] = match;
    tokens.push({
      text: quoted?.replaceAll(/\\(.)/g, '$1') ?? bracket ?? word ?? '',
      isQuoted: quoted !== undefined,
    });
  }
  return tokens;
}

/** Alarms may be named by ARN. */
function alarmName(nameOrArn: string): string {
  return /^arn:[^:]+:cloudwatch:[^:]*:\d{12}:alarm:(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

/** The alarms that a rule names. */
export function alarmsOf(rule: AlarmRule): string[] {
  switch (rule.kind) {
    case 'state':
      return [rule.alarm];
    case 'constant':
      return [];
    case 'not':
      return alarmsOf(rule.of);
    case 'and':
    case 'or':
      return rule.of.flatMap((part) => alarmsOf(part));
  }
}

/** Whether a rule holds, given each alarm's state. */
export function holds(rule: AlarmRule, stateOf: (alarm: string) => StateValue | undefined): boolean {
  switch (rule.kind) {
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'constant':
      return rule.value;
    case 'not':
      return !holds(rule.of, stateOf);
    case 'and':
      return rule.of.every((part) => holds(part, stateOf));
    case 'or':
      return rule.of.some((part) => holds(part, stateOf));
  }
}

function invalid(reason: string): AwsError {
  return new AwsError('ValidationError', `AlarmRule is not valid: ${reason}.`);
}
