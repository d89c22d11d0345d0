import { describe, expect, it } from 'vitest';
import { authorizationOf, readCredentials } from '../../../shared/actions/gateways/secrets.ts';

const holding = (text: string): { read: () => Promise<string> } => ({ read: async () => text });

describe('credentials', () => {
  it.each([
    ['{"token":"t-1"}', { kind: 'token', token: 't-1' }],
    ['t-1\n', { kind: 'token', token: 't-1' }],
    ['{"email":"a@b.c","token":"t-1"}', { kind: 'user', user: 'a@b.c', password: 't-1' }],
    ['{"user":"bot","password":"p:1"}', { kind: 'user', user: 'bot', password: 'p:1' }],
    ['bot:p:1', { kind: 'user', user: 'bot', password: 'p:1' }],
  ])('are read from %j', async (text, expected) => {
    expect(await readCredentials(holding(text), 'jira')).toEqual(expected);
  });

  it.each(['{"token":""}', '{"token":"s3cret\\nX-Other: 1"}', '{"user":"bot"}', '{s3cret', 's3cret s3cret', '{}'])(
    'fail for %j, and the message does not quote it',
    async (text) => {
      const refused = expect(readCredentials(holding(text), 'jira')).rejects;
      await refused.toMatchObject({ type: 'ConfigurationError', message: expect.not.stringContaining('s3cret') });
    },
  );

  it('make the header that they stand for', () => {
    expect(authorizationOf({ kind: 'token', token: 't-1' })).toBe('Bearer t-1');
    expect(authorizationOf({ kind: 'user', user: 'bot', password: 'p' })).toBe('Basic Ym90OnA=');
  });
});
