import * as z from 'zod/mini';

/** What a person may do; an admin may do everything. */
export const roles = ['viewer', 'releaser', 'approver', 'admin'] as const;

/** Reads one role. */
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Whether someone with these roles may do what any of `allowed` may. */
export function mayAny(held: readonly Role[], allowed: readonly Role[]): boolean {
  return held.includes('admin') || held.some((role) => allowed.includes(role));
}
