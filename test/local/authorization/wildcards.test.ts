import { describe, expect, it } from 'vitest';
import { matchesArn, matchesWildcards } from '../../../local/authorization/wildcards.ts';

describe('wildcards', () => {
  it.each([
    ['*', '', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abb', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a*b*c', 'a-b-b-c', true],
    ['Table', 'table', false],
  ])('[iam.wildcards] %s and %s: %s', (pattern, text, fits) => {
    expect(matchesWildcards(pattern, text)).toBe(fits);
  });

  it.each([
    ['arn:aws:events:us-east-1:1:rule/*', 'arn:aws:events:us-east-1:1:rule/a/b', true],
    ['arn:aws:events:*:1:rule/x', 'arn:aws:events:us-east-1:1:rule/x', true],
    ['arn:aws:events:*', 'arn:aws:events:us-east-1:1:rule/x', false],
    ['arn:aws:states:us-east-1:1:stateMachine:*', 'arn:aws:states:us-east-1:1:stateMachine:a:b', true],
    ['*', 'arn:aws:events:us-east-1:1:rule/x', true],
    ['*', 'events.amazonaws.com', false],
  ])('[iam.arn-like] each of the six parts stands for itself: %s and %s: %s', (pattern, arn, fits) => {
    expect(matchesArn(pattern, arn)).toBe(fits);
  });
});
