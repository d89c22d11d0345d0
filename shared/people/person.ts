import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { Forbidden, Unauthenticated } from '../errors.ts';
import { mayAny, roleSchema, type Role } from './roles.ts';

/** Who asks, as the authorizer found out. */
export interface Principal {
  /** How they showed who they are, and who: `token/admin`. */
  readonly id: string;
  readonly roles: readonly Role[];
}

// The strings that an authorizer hands to a function; roles are joined by commas.
const principalContextSchema = z.object({
  principal: z.string().check(z.minLength(1)),
  roles: z.pipe(
    z.pipe(
      z.string(),
      z.transform((text) => text.split(',').filter(Boolean)),
    ),
    z.array(roleSchema),
  ),
});

/** The principal as an authorizer hands it on. */
export function toContext({ id, roles }: Principal): { readonly principal: string; readonly roles: string } {
  return { principal: id, roles: roles.join(',') };
}

/** @throws Unauthenticated when no authorizer has spoken: fails closed */
export function readPrincipal(context: unknown): Principal {
  const read = principalContextSchema.safeParse(context);
  if (!read.success) throw new Unauthenticated('nobody is signed in; send Authorization: Bearer <token>');
  return { id: read.data.principal, roles: read.data.roles };
}

/**
 * The principal, if they have one of these roles.
 * @throws Unauthenticated, Forbidden
 */
export function requireRole(context: unknown, allowed: readonly Role[]): Principal {
  const principal = readPrincipal(context);
  if (mayAny(principal.roles, allowed)) return principal;
  throw new Forbidden(`${principal.id} has none of these roles: ${[...allowed, 'admin'].join(', ')}`);
}

/** The holder of the installation's bearer token, if the header shows one of its valid values. */
export function identifyBearer(header: string | undefined, tokens: readonly string[]): Principal | undefined {
  const [, given] = /^Bearer ([\x21-\x7e]{1,1024})$/i.exec(header ?? '') ?? [];
  if (given === undefined) return undefined;
  const matches = tokens.filter((token) => token !== '').map((token) => isSame(given, token));
  return matches.includes(true) ? { id: 'token/admin', roles: ['admin'] } : undefined;
}

/** Compares digests, so that neither the length nor the place of a difference shows in the time. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
