import type { ActionOutput, StoredArtifact } from '../records/actions.ts';
import type { ArtifactRevision } from '../records/artifacts.ts';
import type { SourceRevisionRequest } from '../records/executions.ts';
import type { ActionStructure, ActionTypeName } from '../structure/structure.ts';

/**
 * One kind of action. A provider is a file here and a line in `registry.ts`. It keeps no state: what it returns is written
 * by the engine, in one transaction with the timer that ran it, so `start` may run again after a crash but its result is
 * taken once.
 */
export interface ActionProvider {
  readonly type: ActionTypeName;
  /** How many artifacts go in and out. */
  readonly inputs: Count;
  readonly outputs: Count;
  /** Every configuration key that the action knows. */
  readonly configuration: Readonly<Record<string, 'required' | 'optional'>>;
  /** What is wrong with an action of this kind beyond the above, said as `must …`; values may hold `#{…}`. */
  check?(action: ActionStructure): string | undefined;
  /** What of an action of this kind is not run here, said as `… is not supported locally` goes on; absent: nothing. */
  unavailable?(action: ActionStructure, surroundings: Surroundings): string | undefined;
  /** The revision types that a start of the pipeline may name for this source action. */
  readonly revisionTypes?: readonly SourceRevisionRequest['revisionType'][];
  /** True if the action ends by an answer that carries its token. */
  readonly isAnsweredByToken?: boolean;
  /** When an action that has not ended fails, and what is then said; absent: after an hour. */
  timeLimit?(action: ActionStructure): TimeLimit;
  /** Does the action, or begins it. Throws only for what is worth another try. */
  start(run: ActionRun): Promise<ActionOutcome>;
  /** Looks at what an action has left running elsewhere; undefined while it runs. Throws as `start` does. */
  look?(run: ActionRun, externalExecutionId: string): Promise<ActionOutcome | undefined>;
  /** Hands a job to who works on it; absent where workers ask for jobs themselves. Throws as `start` does. */
  sendJob?(run: ActionRun, job: JobDelivery): Promise<FailedOutcome | undefined>;
  /** What is said of an action whose job was sent and never answered. */
  silence?(run: ActionRun): string;
  /** Configuration keys whose values only workers see. */
  readonly secrets?: readonly string[];
  /** True for a custom action type that is deleted: pipelines that have it keep it, no other may have it. */
  readonly isDeleted?: boolean;
  /** Where a person finds more, as far as the configuration and the external execution's id tell. */
  links?(configuration: Readonly<Record<string, string>>, externalExecutionId: string | undefined): ActionLinks;
}

/** URLs beside an action. */
export interface ActionLinks {
  readonly entity: string | undefined;
  readonly execution: string | undefined;
  readonly revision: string | undefined;
}

/** What stands in locally for services that are not here. */
export interface Surroundings {
  /** The folder of a repository that a source action names. */
  sourceFolder(repository: string): string | undefined;
  /** The digest of the image pushed last under a tag. */
  pushedImage(repository: string, tag: string): string | undefined;
}

/** Bounds of a count of artifacts. */
export interface Count {
  readonly min: number;
  readonly max: number;
}

/** The longest that an action may take. */
export interface TimeLimit {
  readonly ms: number;
  readonly message: string;
}

/** One run of an action, as its provider sees it. */
export interface ActionRun {
  readonly actionExecutionId: string;
  readonly pipeline: string;
  readonly pipelineExecutionId: string;
  readonly stage: string;
  readonly action: string;
  readonly account: string;
  readonly region: string;
  /** Every reference resolved. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputArtifacts: readonly StoredArtifact[];
  /** Where output artifacts go; the same at every try. */
  readonly outputArtifacts: readonly StoredArtifact[];
  readonly encryptionKeyId?: string;
  /** What the start of the pipeline asked of this source action. */
  readonly sourceRevisions: readonly SourceRevisionRequest[];
  readonly surroundings: Surroundings;
  readonly token?: string;
  readonly expiresAtMs?: number;
  /**
   * Calls a service with the action's role (its own, else the pipeline's).
   * @throws AwsError as the service documents it
   */
  call<Output>(service: string, operation: string, input: object): Promise<Output>;
}

/** What came of starting an action. */
export type ActionOutcome =
  | SucceededOutcome
  | FailedOutcome
  /** It runs elsewhere under this id; the provider's `look` tells when it has ended. */
  | { readonly kind: 'running'; readonly externalExecutionId: string; readonly externalExecutionUrl?: string }
  /** The engine opens a job; its result ends the action. */
  | { readonly kind: 'job' }
  /** An answer with the action's token ends it. */
  | { readonly kind: 'answer' };

/** The action has done its work. */
export interface SucceededOutcome {
  readonly kind: 'succeeded';
  readonly output: ActionOutput;
  /** What a source action fetched: the revision of its output artifacts. */
  readonly revision?: ArtifactRevision;
}

/** The action has failed; trying again would not help. */
export interface FailedOutcome {
  readonly kind: 'failed';
  /** One of the service's failure types, e.g. `JobFailed`, `ConfigurationError`, `PermissionError`. */
  readonly code: string;
  readonly message: string;
}

/** A job on its way. */
export interface JobDelivery {
  readonly id: string;
  /** The event that a function gets. */
  readonly event: object;
}

/** A failure as a value. */
export function failed(code: string, message: string): FailedOutcome {
  return { kind: 'failed', code, message };
}
