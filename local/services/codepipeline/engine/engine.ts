import type { CloudContext } from '../../service-module.ts';
import type { ProviderRegistry } from '../providers/registry.ts';

/** Values that AWS does not publish or that a test wants shorter. */
export interface CodePipelineOptions {
  /** How long a continuation waits before it is handed out; unpublished, 30 s is what is commonly seen. */
  readonly continuationIntervalMs?: number;
  /** How long a Lambda job may stay unanswered: 20 minutes (User Guide, quotas). */
  readonly replyLimitMs?: number;
  /** How many executions of a pipeline may be open in the modes QUEUED and PARALLEL; unpublished, 50 is commonly seen. */
  readonly maxConcurrentExecutions?: number;
  /** How many pipelines the region may have: 1000 (User Guide, quotas). */
  readonly maxPipelines?: number;
  /** How often a state machine execution that an action waits for is looked at; its end is heard of earlier by its event. */
  readonly watchIntervalMs?: number;
  /** How often sources of S3 are polled; unpublished, a minute is commonly seen. */
  readonly pollIntervalMs?: number;
  /** The local folder of each source repository, by `owner/name`, or the name of a CodeCommit repository. */
  readonly sourceRepositories?: Readonly<Record<string, string>>;
  /** Providers whose actions are shown as not run locally, e.g. `CodeBuild`; a pipeline goes on behind them. */
  readonly notRun?: readonly string[];
  /** When a job that a worker took and did not acknowledge goes to the next that asks; unpublished, a minute by default. */
  readonly redeliveryDelayMs?: number;
  /**
   * Whether a pipeline made by a template starts at once, as it does on AWS. Off: with no source object yet that first
   * execution could only fail; a commit or an upload starts it.
   */
  readonly startOnCreate?: boolean;
}

/** What every part of the service works with. */
export interface Engine {
  readonly context: CloudContext;
  readonly providers: ProviderRegistry;
  readonly options: Required<CodePipelineOptions>;
}

/** The ARN of a pipeline. */
export function pipelineArn({ context }: Engine, name: string): string {
  return `arn:aws:codepipeline:${context.region}:${context.account}:${name}`;
}

/** The ARN of a custom action type. */
export function actionTypeArn(
  { context }: Engine,
  { category, provider, version }: { [Name in 'category' | 'provider' | 'version']: string | undefined },
): string {
  const name = `Custom/${category}/${provider}/${version}`;
  return `arn:aws:codepipeline:${context.region}:${context.account}:actiontype:${name}`;
}
