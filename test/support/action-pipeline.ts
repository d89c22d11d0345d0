import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Artifact, Pipeline, PipelineType, type IAction } from 'aws-cdk-lib/aws-codepipeline';
import { S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { zipSync } from 'fflate';
import { vi } from 'vitest';
import * as z from 'zod';
import { actionBundle, bundleEntries, bundlesContext, functionEntries } from '../../infra/bundle.ts';
import { Slipway } from '../../infra/public.ts';
import { startLocalCloud, type LocalCloud } from '../../local/public.ts';
import { emptyBundles } from '../infra/synthesized.ts';
import { freshFolder } from './installation.ts';

/** The pipeline in which an action is run: `Source`, then the stage `Act` with the actions under test. */
export const pipelineName = 'acting';

/** What an action of the stage `Act` is told of its place. */
export const place = { stageName: 'Act', pipelineName } as const;

/** What a test's pipeline is made of. */
export interface ActionPipelineOptions {
  /** The registry's ids of the actions whose functions run. */
  readonly actions: readonly string[];
  /** Makes the stage's actions; `source` is the source's artifact. Further resources go into the stack. */
  readonly stage: (made: { readonly slipway: Slipway; readonly source: Artifact; readonly stack: Stack }) => IAction[];
}

/** How one action of an execution stands. */
export interface ActionSeen {
  readonly status: string;
  readonly summary: string | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly outputs: Readonly<Record<string, string>>;
}

/** A pipeline with actions of Slipway on a local cloud whose time is virtual. */
export interface ActionPipeline extends AsyncDisposable {
  readonly cloud: LocalCloud;
  /** Puts files as the source and starts an execution; the summary is what stands for a commit's message. */
  start(files?: Readonly<Record<string, string>>, source?: { readonly summary: string }): Promise<string>;
  /** Moves time on, by `step` each, until the action has ended. @throws Error if it has not after 24 hours */
  untilEnded(executionId: string, action: string, step?: string): Promise<ActionSeen>;
  /** How an action stands now; undefined before it has begun. */
  look(executionId: string, action: string): Promise<ActionSeen | undefined>;
}

/** Bundles what the actions need, synthesizes the stacks, and starts a cloud that runs them. */
export async function actionPipeline(options: ActionPipelineOptions): Promise<ActionPipeline> {
  const folder = freshFolder();
  const app = await synthesizeTo(folder.path, options);
  const cloud = await startLocalCloud({
    app,
    folder: join(folder.path, 'cloud'),
    clock: { kind: 'virtual', startMs: Date.UTC(2026, 0, 5, 9) },
    report: () => undefined,
  });
  const look = (executionId: string, action: string): Promise<ActionSeen | undefined> =>
    lookAt(cloud, executionId, action);
  return {
    cloud,
    look,
    async start(files = { 'README.md': 'acting' }, { summary } = { summary: 'acting' }) {
      const encoded = Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]),
      );
      await cloud.call('s3', 'PutObject', {
        Bucket: String(cloud.outputs('Acting')['SourceObject']),
        Key: 'source.zip',
        Metadata: { 'codepipeline-artifact-revision-summary': summary },
        Body: zipSync(encoded),
      });
      const started = await cloud.call('codepipeline', 'StartPipelineExecution', { name: pipelineName });
      return z.object({ pipelineExecutionId: z.string() }).parse(started).pipelineExecutionId;
    },
    async untilEnded(executionId, action, step = '30s') {
      for (let count = 0; count < 3_000; count += 1) {
        await cloud.advance(step);
        const seen = await look(executionId, action);
        if (seen && seen.status !== 'InProgress') return seen;
      }
      throw new Error(`action ${action} has not ended: ${JSON.stringify(await look(executionId, action))}`);
    },
    async [Symbol.asyncDispose]() {
      await cloud.stop();
      folder[Symbol.dispose]();
    },
  };
}

/** The functions of long jobs and the failure path run beside the actions; what only releases need stays empty. */
async function synthesizeTo(folder: string, { actions, stage }: ActionPipelineOptions): Promise<string> {
  const bundles = emptyBundles();
  const wanted = new Set([
    ...actions.map(actionBundle),
    ...['answer', 'work', 'resume', 'cancel', 'settle'].map((verb) => `actions-${verb}`),
  ]);
  const made = join(folder, 'bundles');
  await bundleEntries(
    functionEntries().filter(({ bundle }) => wanted.has(bundle)),
    made,
  );
  cpSync(made, bundles, { recursive: true });
  const outdir = join(folder, 'app');
  mkdirSync(outdir, { recursive: true });
  vi.stubEnv('CDK_VALIDATION', 'false');
  const app = new App({ outdir, analyticsReporting: false, context: { [bundlesContext]: bundles } });
  const stack = new Stack(app, 'Acting');
  acting(stack, new Slipway(app, 'Slipway'), stage);
  app.synth();
  vi.unstubAllEnvs();
  rmSync(bundles, { recursive: true, force: true });
  return outdir;
}

function acting(stack: Stack, slipway: Slipway, stage: ActionPipelineOptions['stage']): void {
  const source = new Artifact('Source');
  // CDK's classes declare optional members that may be undefined, its interfaces do not.
  const bucket = new Bucket(stack, 'SourceBucket', {
    versioned: true,
    removalPolicy: RemovalPolicy.DESTROY,
  }) as IBucket;
  const artifacts = new Bucket(stack, 'Artifacts', { removalPolicy: RemovalPolicy.DESTROY }) as IBucket;
  new CfnOutput(stack, 'SourceObject', { value: bucket.bucketName });
  new Pipeline(stack, 'Pipeline', {
    pipelineName,
    pipelineType: PipelineType.V2,
    artifactBucket: artifacts,
    stages: [
      {
        stageName: 'Source',
        actions: [
          new S3SourceAction({
            actionName: 'Source',
            bucket,
            bucketKey: 'source.zip',
            output: source,
            trigger: S3Trigger.NONE,
          }),
        ],
      },
      { stageName: place.stageName, actions: stage({ slipway, source, stack }) },
    ],
  });
}

const executionsSchema = z.object({
  actionExecutionDetails: z.array(
    z.object({
      actionName: z.string(),
      status: z.string(),
      output: z
        .object({
          executionResult: z
            .object({
              externalExecutionSummary: z.string().optional(),
              errorDetails: z.object({ code: z.string(), message: z.string() }).optional(),
            })
            .optional(),
          outputVariables: z.record(z.string(), z.string()).optional(),
        })
        .optional(),
    }),
  ),
});

async function lookAt(cloud: LocalCloud, executionId: string, action: string): Promise<ActionSeen | undefined> {
  const listed = await cloud.call('codepipeline', 'ListActionExecutions', {
    pipelineName,
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
