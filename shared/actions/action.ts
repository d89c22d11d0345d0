import type { Clock } from '../clock.ts';
import '../json.ts'; // a declaration's schema gives its reasons in English
import type { Log } from '../log.ts';
import type { Release } from '../state/release.ts';
import type { Artifacts } from './artifacts.ts';
import type { ActionGateways, GatewayName } from './gateways/gateways.ts';
import type { JobContext } from './runner/job-event.ts';
import type { Done, Effect } from './runner/once.ts';
import type { ActionResult, CheckResult } from './result.ts';
import type * as z from 'zod/mini';

/** What an action's role may do beside answering its own job; a statement of its least-privilege policy. */
export interface ActionPermission {
  /** IAM actions, e.g. `lambda:GetFunction`. */
  readonly actions: readonly string[];
  /** ARNs; never `*` unless the IAM action knows no resource. */
  readonly resources: readonly string[];
  /** By operator and key, as in IAM's `Condition`, e.g. `{ StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } }`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Where an action's function runs, to write the ARNs of its permissions; the values are CDK tokens at synth. */
export interface DeployedWhere {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** The pipeline that uses the action. */
  readonly pipelineArn: string;
  /** A part of an ARN, counted from 0 between its colons; the ARN may be a token. */
  readonly partOf: (arn: string, index: number) => string;
}

/** What synth knows of one use of an action beside its parameters. */
export interface SynthUse {
  /** Names of the input artifacts; undefined for one that CDK has not named yet. */
  readonly inputs: readonly (string | undefined)[];
  /** Names of the output artifacts, likewise. */
  readonly outputs: readonly (string | undefined)[];
  /** True for a value that is, or holds, a token or `#{…}`: nobody knows at synth what it will be. */
  readonly isKnownLater: (value: unknown) => boolean;
}

/** How many artifacts an action takes or makes: CodePipeline allows a Lambda action 0 to 5 of each. */
export interface ArtifactCount {
  readonly min: number;
  readonly max: number;
}

/**
 * What an action is, without how it works: read at synth to make its function, role and bundle, and by the function at
 * run time. A declaration loads nothing heavy.
 */
export interface ActionDeclaration<
  Parameters extends z.core.$ZodType = z.core.$ZodType,
  Output extends string = string,
  State extends z.core.$ZodType = z.core.$ZodType,
> {
  /** Lower-case words joined by `-`; the folder's name. */
  readonly id: string;
  /** One sentence for the person who picks an action. */
  readonly description: string;
  /** Strict schema of the parameters that a pipeline passes. */
  readonly parameters: Parameters;
  /** Schema of the state that lives across continuations, for actions that answer `continueLater`. */
  readonly state?: State;
  /** Names of the output variables, `[A-Za-z0-9@\-_]+`; `*` stands for those of `outputsFor`. */
  readonly outputs: readonly Output[];
  /**
   * Names of further outputs, which the parameters of one use choose. At synth, where these names are checked, the parameters
   * are as they are for `problemsOf`.
   */
  outputsFor?(parameters: z.output<Parameters>): readonly Output[];
  readonly inputArtifacts: ArtifactCount;
  readonly outputArtifacts: ArtifactCount;
  /** What every use of the action needs. */
  readonly permissions: readonly ActionPermission[];
  /**
   * What one use needs, from its parameters: a secret, a stack, a workflow. Parameters may be tokens or `#{…}` at synth,
   * so they are only put into ARNs.
   */
  permissionsFor?(parameters: z.output<Parameters>, where: DeployedWhere): readonly ActionPermission[];
  /**
   * What synth refuses beside what the schema does: parameters that ask for artifacts which are not there, and rules between
   * parameters, which a schema does not come to while one of them is known only later. Each problem is a sentence that says
   * what to do. Defaults are filled in; members may be tokens or hold `#{…}`, of any length and shape. Only for synth: what
   * must hold when the action runs is the schema's, or the action's own to check.
   */
  problemsOf?(parameters: z.output<Parameters>, use: SynthUse): readonly string[];
  /** What the action reaches beside its job and the internet; a bundle holds the clients of these alone. */
  readonly gateways: readonly GatewayName[];
  /**
   * True if running the same job twice does no harm; a run that was interrupted is then run again. Otherwise the job
   * fails as interrupted.
   */
  readonly isIdempotent: boolean;
  /** Whether the action may answer `startJob`: its function then gets the workflow of long jobs. */
  readonly mayWait: boolean;
  /** The function's time-out, at most 600 s. */
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

/** The parts of a declaration that have a default. */
type Defaulted =
  | 'inputArtifacts'
  | 'outputArtifacts'
  | 'permissions'
  | 'gateways'
  | 'isIdempotent'
  | 'mayWait'
  | 'timeoutSeconds'
  | 'memoryMegabytes';

/**
 * Declares an action. Defaults: no artifacts, no permissions, no gateways, not idempotent, never waiting, 60 s, 512 MB.
 * @throws RangeError if the id, the name of an output, a count or the time-out is out of bounds
 */
export function declareAction<
  Parameters extends z.core.$ZodType,
  const Output extends string,
  State extends z.core.$ZodType = z.core.$ZodNever,
>(
  declaration: Omit<ActionDeclaration<Parameters, Output, State>, Defaulted> &
    Partial<Pick<ActionDeclaration<Parameters, Output, State>, Defaulted>>,
): ActionDeclaration<Parameters, Output, State> {
  const complete = {
    inputArtifacts: { min: 0, max: 0 },
    outputArtifacts: { min: 0, max: 0 },
    permissions: [],
    gateways: [],
    isIdempotent: false,
    mayWait: false,
    timeoutSeconds: 60,
    memoryMegabytes: 512,
    ...declaration,
  };
  refuseOutOfBounds(complete);
  return complete;
}

function refuseOutOfBounds(declaration: ActionDeclaration): void {
  const { id, timeoutSeconds, inputArtifacts, outputArtifacts, outputs, outputsFor } = declaration;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    throw new RangeError(`action id "${id}" is not lower-case words joined by "-", e.g. "license-check"`);
  }
  if (outputs.includes('*') !== (outputsFor !== undefined))
    throw new RangeError(`action ${id}: the output "*" stands for those of outputsFor; declare both or neither`);
  const misnamed = outputs.find((name) => name !== '*' && !/^[A-Za-z0-9@_-]+$/.test(name));
  if (misnamed !== undefined)
    throw new RangeError(`action ${id}: output "${misnamed}" may hold letters, digits, "@", "-" and "_" only`);
  if (timeoutSeconds < 5 || timeoutSeconds > 600) {
    throw new RangeError(`action ${id}: timeoutSeconds is ${timeoutSeconds}, allowed are 5 to 600`);
  }
  for (const { min, max } of [inputArtifacts, outputArtifacts]) {
    if (min < 0 || max > 5 || min > max) {
      throw new RangeError(
        `action ${id}: artifacts from ${min} to ${max}, allowed are 0 to 5 (CodePipeline's limit for Lambda)`,
      );
    }
  }
}

/** What an action is given. */
export interface ActionInput<Declaration extends ActionDeclaration = ActionDeclaration> {
  /** As the declaration's schema reads them. */
  readonly parameters: z.output<Declaration['parameters']>;
  /** What the last invocation left with `continueLater`; undefined in the first. */
  readonly state: z.output<NonNullable<Declaration['state']>> | undefined;
  readonly artifacts: Artifacts;
  /** Those that the declaration asks for; reaching for another throws. */
  readonly gateways: ActionGateways;
  /** Which action execution this is; undefined in a pipeline that does not pass it. */
  readonly context: JobContext | undefined;
  /**
   * The release that the pipeline execution belongs to, as its events have left it so far; undefined if it belongs to none,
   * or has been started so lately that nobody has written down whose it is. Events come a moment after what they tell.
   */
  readonly release: () => Promise<Release | undefined>;
  /**
   * Does something once for this action of this pipeline execution, however often the action runs: after a retry of the
   * stage, another delivery, or a death in the middle. Without a `context` it is once for the job.
   * @param name tells the action's effects apart
   */
  readonly once: <Result>(name: string, effect: Effect<Result>) => Promise<Done<Result>>;
  /** Shows watchers how far the action is. At most one line is kept; it is not part of the result. */
  readonly progress: (summary: string, percentComplete?: number) => Promise<void>;
  /** The job; names what the action makes, so that a second run of the same job makes it once. */
  readonly jobId: string;
  /** Aborts when the action must end: 2 s before the function's deadline the runner answers for it. */
  readonly signal: AbortSignal;
  /** How long the action may still run, in milliseconds. */
  readonly remainingMs: () => number;
  readonly clock: Clock;
  /** Bound to the job: every line carries its ids. */
  readonly log: Log;
}

/** What a long job's check and cancellation are given: an action's input without what belongs to one job. */
export type LongJobInput<Declaration extends ActionDeclaration = ActionDeclaration> = Omit<
  ActionInput<Declaration>,
  'artifacts' | 'state'
> & { readonly state: z.output<NonNullable<Declaration['state']>> };

/** What a check answers. */
export type CheckResultOf<Declaration extends ActionDeclaration> = CheckResult<
  Declaration['outputs'][number],
  z.input<NonNullable<Declaration['state']>>
>;

/** What an action does beside `run` when its work goes on elsewhere (`startJob`). */
export interface LongJobHooks<Declaration extends ActionDeclaration = ActionDeclaration> {
  /**
   * Reads how the work stands. Called more than once for the same state, also after the work has ended. What it throws as
   * `SystemUnavailable` says nothing of the work, and it is called again for an hour.
   */
  check?(input: LongJobInput<Declaration>): Promise<CheckResultOf<Declaration>>;
  /**
   * Ends the work of an action that ends without it: given up by its pipeline, or failed by anything but what `run` or `check`
   * answered. The job has its result by then. Called until it succeeds once, also when the work has ended; parameters and
   * state are those of an older version of the action if this one can't read them. Not called when an action is given up that
   * is polled (`wait: 'poll'`, `continueLater`): nobody waits there who could call it. Under `wait: 'poll'` it is called once, if
   * a check throws or hangs.
   */
  cancel?(input: LongJobInput<Declaration>): Promise<void>;
}

/** What an action's function answers. */
export type ResultOf<Declaration extends ActionDeclaration> = ActionResult<
  Declaration['outputs'][number],
  z.input<NonNullable<Declaration['state']>>
>;

/** A declared action with its implementation. */
export interface Action<Declaration extends ActionDeclaration = ActionDeclaration> extends LongJobHooks<Declaration> {
  readonly declaration: Declaration;
  run(input: ActionInput<Declaration>): Promise<ResultOf<Declaration>>;
}

/**
 * Implements a declared action. Whatever `run` does, the job gets exactly one result: what it throws becomes a failure,
 * and so does running out of time. An action that answers `startJob` has a `check`, and a `cancel` if its work can be ended.
 * @throws TypeError if the action may wait and has no `check`: nobody would ever see the end of its work
 */
export function implementAction<Declaration extends ActionDeclaration>(
  declaration: Declaration,
  run: Action<Declaration>['run'],
  hooks: LongJobHooks<Declaration> = {},
): Action<Declaration> {
  if (declaration.mayWait && !hooks.check) {
    throw new TypeError(
      `action ${declaration.id} declares mayWait and has no check; implement it as implementAction(declaration, run, { check })`,
    );
  }
  return { declaration, run, ...hooks };
}
