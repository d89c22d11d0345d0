import type { StackStatus } from '@aws-sdk/client-cloudformation';
import type { Principal } from '../../gateway/principal.ts';
import type { RecordedResource } from '../../template/recorded-resource.ts';

/** A stack's template and what fills it in. */
export interface StackInput {
  /** The template's text as it was given; empty before the first change set of a stack has run. */
  readonly template: string;
  /** The values that were given; parameters left out have their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
}

/** What becomes of a stack whose creation failed. */
export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

/** A stack that was made through the API. */
export interface Stack extends StackInput {
  readonly id: string;
  readonly name: string;
  /** What is under way follows from it, also after a restart. */
  readonly status: StackStatus;
  readonly statusReason?: string | undefined;
  readonly description?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs?: number | undefined;
  readonly deletedAtMs?: number | undefined;
  readonly onFailure: OnFailure;
  readonly isProtected: boolean;
  /** The change set that ran last. */
  readonly changeSetId?: string | undefined;
  /** Of the operation that ran last: the same request again is not a second one. */
  readonly clientToken?: string | undefined;
  /** Who asked for the operation that ran last. */
  readonly principal: Principal;
  /** What an update that fails goes back to. */
  readonly before?: (StackInput & { readonly resources: readonly RecordedResource[] }) | undefined;
  /** Logical ids that a deletion leaves alone. */
  readonly retained?: readonly string[] | undefined;
}

/** Whether an operation is under way. */
export function isBusy({ status }: Stack): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}
