import { describe, expect, it } from 'vitest';
import { identifyBearer, readPrincipal, requireRole, toContext } from '../../../shared/people/person.ts';

const admin = { id: 'token/admin', roles: ['admin'] };

describe('a bearer token', () => {
  it.each(['Bearer current', 'bearer previous'])('is known as %s', (header) => {
    expect(identifyBearer(header, ['current', 'previous'])).toEqual(admin);
  });

  it.each([
    undefined,
    '',
    'current',
    'Basic current',
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'Bearer current x',
    `Bearer ${'x'.repeat(2000)}`,
  ])('is unknown as %s', (header) => {
    expect(identifyBearer(header, ['current', 'previous'])).toBeUndefined();
  });

  it('is unknown when no token or an empty one is set', () => {
    expect(identifyBearer('Bearer x', [])).toBeUndefined();
    expect(identifyBearer('Bearer ', [''])).toBeUndefined();
  });
});

describe('a principal', () => {
  it('comes through the authorizer as it was', () => {
    expect(readPrincipal(toContext({ id: 'ann', roles: ['viewer', 'approver'] }))).toEqual({
      id: 'ann',
      roles: ['viewer', 'approver'],
    });
  });

  it.each([
    undefined,
    null,
    {},
    { principal: 'ann' },
    { principal: '', roles: 'admin' },
    { principal: 'ann', roles: 'root' },
  ])('is nobody where the context is %j', (context) => {
    expect(() => readPrincipal(context)).toThrow(/nobody is signed in/);
  });

  it('may do what one of its roles may, and an admin everything', () => {
    expect(() => requireRole({ principal: 'ann', roles: 'viewer' }, ['approver'])).toThrow(/approver, admin/);
    expect(requireRole({ principal: 'ann', roles: 'viewer,approver' }, ['approver']).id).toBe('ann');
    expect(requireRole(toContext({ id: 'root', roles: ['admin'] }), ['approver']).id).toBe('root');
  });
});
