import type { Operations } from '../gateway/service.ts';

/** What a call needs: one action on one resource. */
export interface Permission {
  /** As IAM spells it in its refusals, e.g. `dynamodb:PutItem`. Policies match it in any case. */
  readonly action: string;
  /** An ARN, or `*` for an action that knows no resource. */
  readonly resource: string;
  /** The service's own condition keys of this call. */
  readonly keys?: ConditionKeys;
}

/** What a condition key has in a call: one value, several, or none. */
export type KeyValue = string | readonly string[] | undefined;

/** Values of condition keys by their names, read on demand if they cost something. An absent key has no value. */
export type ConditionKeys = Readonly<Record<string, KeyValue | (() => KeyValue)>>;

/**
 * What each operation of a service needs, by its input. No permission at all is an empty list. Kept in
 * `services/<service>/permissions.ts`; a call of a role to an operation without a row is refused as a mistake of ours.
 */
export type PermissionTable<Client> = {
  readonly [Name in keyof Operations<Client>]?: (
    input: InputOf<NonNullable<Operations<Client>[Name]>>,
  ) => Permission | readonly Permission[];
};

type InputOf<Handler> = Handler extends (input: infer Input, call: infer _Call) => unknown ? Input : never;

/** A table as the authorizer sees it: the gateway has checked the input against the operation's schema. */
export type AnyPermissionTable = Readonly<
  Record<string, ((input: never) => Permission | readonly Permission[]) | undefined>
>;

/** Where resources stand. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The start of the ARN of a regional resource: `arn:aws:<service>:<region>:<account>:`. */
export function arnPrefix(service: string, { account, region }: Place): string {
  return `arn:aws:${service}:${region}:${account}:`;
}
