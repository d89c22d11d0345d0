import type { Change } from './plan.ts';

/** What an apply did to one resource. `kept` is one that left the template, or was replaced, and is retained by its policy. */
export interface Outcome {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly did: Change | 'delete' | 'kept';
  readonly recordedOnly: boolean;
  /** Why it is recorded only, where that is not plain. */
  readonly because?: string;
}
