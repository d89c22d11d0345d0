/** How a stack stands. */
export interface StackSeen {
  readonly id: string;
  /** In CloudFormation's words, e.g. `UPDATE_ROLLBACK_COMPLETE`. */
  readonly status: string;
  readonly reason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
}

/** One resource that a change set would touch. */
export interface ResourceChange {
  readonly logicalId: string;
  /** E.g. `AWS::SQS::Queue`. */
  readonly type: string;
  /** `Add`, `Modify`, `Remove`, `Import`, or `Dynamic` if that is not known yet. */
  readonly action: string;
  /** Whether it would be another resource afterwards; `may` depends on what is known only then. */
  readonly replacement: 'no' | 'may' | 'yes';
}

/** How a change set stands. */
export interface ChangeSetSeen {
  readonly id: string;
  readonly stackId: string;
  /** `begun`: it was executed, or is being executed. `outdated`: the stack has changed since. */
  readonly status: 'pending' | 'ready' | 'failed' | 'begun' | 'outdated';
  readonly reason: string | undefined;
  readonly changes: readonly ResourceChange[];
}

/** What a stack is to become. */
export interface Proposal {
  readonly name: string;
  readonly stackName: string;
  readonly isNew: boolean;
  /** The text, or the URL of an object of S3 that holds it. */
  readonly template: { readonly text: string } | { readonly url: string };
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly roleArn: string;
}

/** A resource that could not be made, changed or deleted. */
export interface FailedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

/** CloudFormation, as far as an action provisions stacks. Every call throws ActionFailed for what CloudFormation refuses. */
export interface StackGateway {
  /** By name or ID; by ID also one that was deleted. Undefined if there is none. */
  find(nameOrId: string): Promise<StackSeen | undefined>;
  findChangeSet(stackName: string, name: string): Promise<ChangeSetSeen | undefined>;
  /** Makes a change set; one that fails to make a new stack leaves none behind. Once for one name. */
  propose(proposal: Proposal): Promise<void>;
  /** Begins what the change set says. The token comes back in events. */
  execute(changeSet: { readonly id: string; readonly token: string }): Promise<void>;
  dropChangeSet(id: string): Promise<void>;
  /** Begins to delete a stack, as its role if none is named. */
  delete(stack: { readonly id: string; readonly token: string; readonly roleArn?: string }): Promise<void>;
  /** The resources that failed in the operation of a token, first failure first. */
  failures(stackId: string, token: string): Promise<readonly FailedResource[]>;
  /** Puts a template where CloudFormation reads it. @returns its URL */
  keepTemplate(place: { readonly bucket: string; readonly key: string }, text: string): Promise<string>;
}
