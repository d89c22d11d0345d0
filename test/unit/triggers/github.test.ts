import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { trigger } from '../../../shared/triggers/github/github.ts';
import { verifySignature } from '../../../shared/triggers/github/verify.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sign = (body: string, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('the signature of GitHub', () => {
  // Source: GitHub, "Validating webhook deliveries", testing the webhook payload validation.
  it("verifies GitHub's own example", () => {
    const headers = {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    };
    expect(verifySignature({ headers, body: bytes('Hello, World!') }, ["It's a Secret to Everybody"])).toBe('valid');
  });

  it('verifies with either of two secrets', () => {
    const request = { headers: { 'x-hub-signature-256': sign('{}', 'old') }, body: bytes('{}') };
    expect(verifySignature(request, ['new', 'old'])).toBe('valid');
    expect(verifySignature(request, ['new'])).toHaveProperty('refused');
  });

  it.each([
    ['is missing', undefined],
    ['is of another form', 'sha1=abc'],
    ['is of another body', sign('{ }', 'secret')],
    ['is too short', 'sha256=abc'],
    ['has capital digits, which GitHub never sends', sign('{}', 'secret').toUpperCase()],
  ])('refuses a request whose signature %s', (_, signature) => {
    const headers = { ...(signature && { 'x-hub-signature-256': signature }) };
    expect(verifySignature({ headers, body: bytes('{}') }, ['secret'])).toHaveProperty('refused');
  });
});

describe('a push', () => {
  const read = (body: object, event = 'push') =>
    trigger.read({
      headers: { 'x-github-event': event, 'x-github-delivery': 'd-1' },
      body: bytes(JSON.stringify(body)),
    });
  const push = {
    ref: 'refs/heads/main',
    after: 'c'.repeat(40),
    deleted: false,
    repository: { full_name: 'acme/checkout' },
    sender: { login: 'octocat' },
    head_commit: { message: 'Fix the door\n\nIt was open.' },
  };

  it('asks for a release of the pushed commit', () => {
    expect(read(push)).toMatchObject({
      kind: 'asked',
      about: 'repository acme/checkout',
      revision: { type: 'COMMIT_ID', value: 'c'.repeat(40) },
      requestedBy: 'github/octocat',
      reason: 'Fix the door',
      deliveryId: 'd-1',
    });
  });

  it('answers a ping', () => {
    expect(read({ zen: 'Keep it logically awesome.' }, 'ping')).toEqual({ kind: 'ping' });
  });

  it.each([
    ['a deletion', { ...push, deleted: true, after: '0'.repeat(40) }, 'push', /was deleted/],
    ['a tag', { ...push, ref: 'refs/tags/v1' }, 'push', /is not a branch/],
    ['another event', {}, 'issues', /event issues releases nothing/],
  ])('ignores %s', (_, body, event, reason) => {
    expect(read(body, event)).toMatchObject({ kind: 'ignored', reason: expect.stringMatching(reason) });
  });

  it('refuses a push without its fields, naming them and not their values', () => {
    expect(() => read({ ref: 'refs/heads/main', after: 'secret-value' })).toThrow(
      /lacks or misstates after, repository/,
    );
    expect(() => read({ ref: 'refs/heads/main', after: 'secret-value' })).not.toThrow(/secret-value/);
  });

  it('refuses a form-encoded body, and says what to set', () => {
    const request = { headers: { 'x-github-event': 'push' }, body: bytes('payload=%7B%7D') };
    expect(() => trigger.read(request)).toThrow(/application\/json/);
  });
});
