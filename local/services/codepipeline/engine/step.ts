import type {
  ActionExecutionStatus,
  ExecutionMode,
  PipelineExecutionStatus,
  Result,
} from '@aws-sdk/client-codepipeline';
import type { ConditionKind, ConditionSituation } from './gate.ts';

/** Where an execution stands with a stage: in front of it, in it (which locks it), or past it. */
export type Phase = 'waiting' | 'inside' | Left;

/** How an execution leaves a stage; a skipped one has run nothing and lets it go on. */
export type Left = 'succeeded' | 'failed' | 'stopped' | 'skipped';

/** What there is to know before the next step of one pipeline execution. */
export interface Situation {
  readonly mode: ExecutionMode;
  /** For a rollback the one stage that it runs. */
  readonly stages: readonly StageSituation[];
  readonly execution: {
    readonly id: string;
    readonly sequence: number;
    readonly status: PipelineExecutionStatus;
    /** Absent before the first stage. */
    readonly at?: { readonly stage: string; readonly phase: Phase };
    /** The newest run of each action of that stage; one that has not been started, or is to be retried, is absent. */
    readonly actions: ReadonlyMap<string, ActionExecutionStatus>;
    /** The conditions that the stage declares. */
    readonly conditions: Readonly<Partial<Record<ConditionKind, ConditionSituation>>>;
    readonly isRollback: boolean;
    /** Whether the one automatic retry of the stage has been used. */
    readonly isAutoRetried: boolean;
  };
}

/** A stage as every execution of the pipeline sees it. */
export interface StageSituation {
  readonly name: string;
  readonly actions: readonly { readonly name: string; readonly runOrder: number }[];
  /** Done when the stage has failed. */
  readonly onFailure?: Result;
  /** Whether a transition into it is disabled. */
  readonly isClosed: boolean;
  /** The execution that is in it: it holds the stage's lock. */
  readonly lockedBy?: string;
  /** The executions that wait in front of it. */
  readonly waiting: readonly { readonly id: string; readonly sequence: number }[];
}

/** The next thing to do for one pipeline execution. */
export type Step =
  | { readonly kind: 'arrive'; readonly stage: string; readonly supersedes: readonly string[] }
  | { readonly kind: 'enter'; readonly stage: string }
  | { readonly kind: 'evaluate'; readonly stage: string; readonly condition: ConditionKind }
  | { readonly kind: 'start'; readonly stage: string; readonly actions: readonly string[] }
  | { readonly kind: 'retry'; readonly stage: string }
  | { readonly kind: 'leave'; readonly stage: string; readonly phase: Left; readonly rollBack: boolean }
  | { readonly kind: 'finish'; readonly status: 'Succeeded' | 'Failed' | 'Stopped' | 'Superseded' };
