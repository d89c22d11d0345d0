import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Artifact, Pipeline, PipelineType, type IAction } from 'aws-cdk-lib/aws-codepipeline';
import { S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { vi } from 'vitest';
import { actionBundle, bundleEntries, bundlesContext, functionEntries } from '../../infra/bundle.ts';
import { Slipway } from '../../infra/public.ts';
import { startLocalCloud, type LocalCloud } from '../../local/public.ts';
import {
  pipelineRun,
  startPipeline,
  type ActionSeen,
  type PipelineRun,
} from '../../shared/actions/testing/pipeline-run.ts';
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
  /** Whether the reconciler comes every five minutes. */
  readonly isReconciled?: boolean;
  /** Makes the stage's actions; `source` is the source's artifact. Further resources go into the stack. */
  readonly stage: (made: { readonly slipway: Slipway; readonly source: Artifact; readonly stack: Stack }) => IAction[];
}

/** A pipeline with actions of Slipway on a local cloud whose time is virtual. */
export interface ActionPipeline extends AsyncDisposable {
  readonly cloud: LocalCloud;
  /** Puts files as the source and starts an execution; the summary is what stands for a commit's message. */
  start(files?: Readonly<Record<string, string>>, source?: { readonly summary: string }): Promise<string>;
  /** Moves time on, by `step` each, until the action has ended. @throws Error if it has not after 3,000 steps */
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
  const runOf = (executionId: string): PipelineRun => pipelineRun(cloud, pipelineName, executionId);
  return {
    cloud,
    look: (executionId, action) => runOf(executionId).look(action),
    async start(files = { 'README.md': 'acting' }, { summary } = { summary: 'acting' }) {
      const source = { bucket: String(cloud.outputs('Acting')['SourceObject']), key: 'source.zip', files, summary };
      return (await startPipeline(cloud, { pipeline: pipelineName, source })).executionId;
    },
    untilEnded: (executionId, action, step) => runOf(executionId).untilEnded(action, step),
    async [Symbol.asyncDispose]() {
      await cloud.stop();
      folder[Symbol.dispose]();
    },
  };
}

/** The functions of long jobs and the failure path run beside the actions; what only releases need stays empty. */
async function synthesizeTo(folder: string, options: ActionPipelineOptions): Promise<string> {
  const { actions, isReconciled, stage } = options;
  const bundles = emptyBundles();
  const wanted = new Set([
    ...actions.map(actionBundle),
    ...['answer', 'work', 'resume', 'cancel', 'settle'].map((verb) => `actions-${verb}`),
    ...(isReconciled ? ['releases-reconcile'] : []),
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
