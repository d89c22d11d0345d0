import type { ConditionExecutionStatus, Result } from '@aws-sdk/client-codepipeline';

/** When a condition of a stage is evaluated. */
export type ConditionKind = 'beforeEntry' | 'onSuccess' | 'onFailure';

/** How a condition stands in this attempt at a stage; `Due` until its rules have been started. */
export interface ConditionSituation {
  readonly status: ConditionExecutionStatus | 'Due';
  /** What is done when it fails; without it the stage is held until the condition is overridden. */
  readonly result?: Result;
}

/** What a condition makes of an execution: it may pass, waits, has rules to start, has failed, or may not go on. */
export type Gate = 'pass' | 'wait' | 'evaluate' | 'fail' | 'end';

/** Reads a condition; an execution that is being stopped starts no rules and waits for no override. */
export function gate(condition: ConditionSituation | undefined, isStopping: boolean): Gate {
  switch (condition?.status) {
    case undefined:
    case 'Succeeded':
    case 'Overridden':
      return 'pass';
    case 'InProgress':
      return 'wait';
    case 'Due':
      return isStopping ? 'end' : 'evaluate';
    case 'Failed':
    case 'Errored':
      if (condition.result !== undefined) return 'fail';
      return isStopping ? 'end' : 'wait';
    case 'Cancelled':
    case 'Abandoned':
      return 'end';
  }
}
