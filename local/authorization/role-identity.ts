import type { Policy } from './policy.ts';

/** A role, as far as decisions need it. */
export interface RoleIdentity {
  /** Who may assume it. */
  readonly trust: Policy;
  readonly policies: readonly Policy[];
}

/** Finds roles by ARN: the same object as long as nothing of the role has changed, so that decisions can be kept by it. */
export interface RoleIdentities {
  /** Undefined for a role that no template makes. */
  find(roleArn: string): RoleIdentity | undefined;
}
