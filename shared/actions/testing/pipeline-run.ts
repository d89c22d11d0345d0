import { zipSync } from 'fflate';
import * as z from 'zod/mini';

/** What of a local cloud a run of a pipeline needs: `startLocalCloud` of `slipway/local` gives one. */
export interface PipelineCloud {
  call(service: string, operation: string, input: object): Promise<unknown>;
  advance(duration: string): Promise<void>;
}

/** What a pipeline is started with. */
export interface PipelineStart {
  readonly pipeline: string;
  /** Put into the source's bucket before the start: files, path to text. */
  readonly source?: {
    readonly bucket: string;
    readonly key: string;
    readonly files: Readonly<Record<string, string>>;
    /** What stands for a commit's message; default: the object's version. */
    readonly summary?: string;
  };
}

/** How one action of a pipeline execution stands. */
export interface ActionSeen {
  readonly status: string;
  readonly summary: string | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly outputs: Readonly<Record<string, string>>;
}

/** An execution of a pipeline on a local cloud whose clock is virtual. */
export interface PipelineRun {
  readonly executionId: string;
  /** How an action stands now; undefined before it has begun. */
  look(action: string): Promise<ActionSeen | undefined>;
  /** Moves time on by `step` (default 30 s) until the action has ended. @throws Error if it has not after 3,000 steps */
  untilEnded(action: string, step?: string): Promise<ActionSeen>;
}

/** Puts a source and starts a pipeline on a local cloud. */
export async function startPipeline(cloud: PipelineCloud, { pipeline, source }: PipelineStart): Promise<PipelineRun> {
  if (source) {
    const { bucket, key, files, summary } = source;
    const encoded = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]);
    await cloud.call('s3', 'PutObject', {
      Bucket: bucket,
      Key: key,
      ...(summary !== undefined && { Metadata: { 'codepipeline-artifact-revision-summary': summary } }),
      Body: zipSync(Object.fromEntries(encoded)),
    });
  }
  const started = await cloud.call('codepipeline', 'StartPipelineExecution', { name: pipeline });
  const executionId = z.object({ pipelineExecutionId: z.string() }).parse(started).pipelineExecutionId;
  return pipelineRun(cloud, pipeline, executionId);
}

/** An execution that was started before. */
export function pipelineRun(cloud: PipelineCloud, pipeline: string, executionId: string): PipelineRun {
  const look = (action: string): Promise<ActionSeen | undefined> => lookAt(cloud, { pipeline, executionId, action });
  return {
    executionId,
    look,
    async untilEnded(action, step = '30s') {
      for (let count = 0; count < 3_000; count += 1) {
        await cloud.advance(step);
        const seen = await look(action);
        if (seen && seen.status !== 'InProgress') return seen;
      }
      throw new Error(`action ${action} has not ended: ${JSON.stringify(await look(action))}`);
    },
  };
}

const executionsSchema = z.object({
  actionExecutionDetails: z.array(
    z.object({
      actionName: z.string(),
      status: z.string(),
      output: z.optional(
        z.object({
          executionResult: z.optional(
            z.object({
              externalExecutionSummary: z.optional(z.string()),
              errorDetails: z.optional(z.object({ code: z.string(), message: z.string() })),
            }),
          ),
          outputVariables: z.optional(z.record(z.string(), z.string())),
        }),
      ),
    }),
  ),
});

async function lookAt(
  cloud: PipelineCloud,
  {
    pipeline,
    executionId,
    action,
  }: { readonly pipeline: string; readonly executionId: string; readonly action: string },
): Promise<ActionSeen | undefined> {
  const listed = await cloud.call('codepipeline', 'ListActionExecutions', {
    pipelineName: pipeline,
    filter: { pipelineExecutionId: executionId },
  });
  const found = executionsSchema.parse(listed).actionExecutionDetails.find(({ actionName }) => actionName === action);
  if (!found) return undefined;
  const { executionResult, outputVariables = {} } = found.output ?? {};
  return {
    status: found.status,
    summary: executionResult?.externalExecutionSummary,
    error: executionResult?.errorDetails,
    outputs: outputVariables,
  };
}
