import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Artifact, Pipeline, PipelineType, type IAction } from 'aws-cdk-lib/aws-codepipeline';
import { S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { bundleFunctions, bundlesContext } from '../../infra/bundle.ts';
import { RunWorkflowAction, Slipway } from '../../infra/public.ts';

/** The name of the stack with the pipelines. */
export const stackName = 'LongJobs';

/** Actions that run one after another, each with a workflow that takes as long. */
export interface Row {
  readonly pipeline: string;
  readonly actionCount: number;
  readonly workSeconds: number;
  readonly wait: 'push' | 'poll';
}

/** The name of a row's action; counted from 0. */
export const actionName = (index: number): string => `Run-${index}`;

/** Writes a `cdk.out` below `folder`: Slipway as it is deployed, and a pipeline for each row. */
export async function synthesize(folder: string, rows: readonly Row[]): Promise<string> {
  // CDK's own validation of templates takes longer than the rest.
  process.env['CDK_VALIDATION'] = 'false';
  const bundles = join(folder, 'bundles');
  await bundleFunctions(bundles);
  const outdir = join(folder, 'cdk.out');
  mkdirSync(outdir);
  const app = new App({ outdir, analyticsReporting: false, context: { [bundlesContext]: bundles } });
  build(new Stack(app, stackName), new Slipway(app, 'Slipway'), rows);
  app.synth();
  return outdir;
}

function build(stack: Stack, slipway: Slipway, rows: readonly Row[]): void {
  // CDK's classes declare optional members that may be undefined, its interfaces do not.
  const bucket = new Bucket(stack, 'Bucket', { versioned: true }) as IBucket;
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
  for (const { pipeline, actionCount, workSeconds, wait } of rows) {
    const { stateMachineArn } = new StateMachine(stack, `${pipeline}-work`, {
      definitionBody: DefinitionBody.fromString(work(workSeconds)),
    });
    const actions = Array.from({ length: actionCount }, (_unused, index): IAction => {
      const place = { actionName: actionName(index), runOrder: index + 1 };
      return new RunWorkflowAction({ slipway, ...place, stateMachineArn, wait });
    });
    new Pipeline(stack, pipeline, {
      pipelineName: pipeline,
      pipelineType: PipelineType.V2,
      artifactBucket: bucket,
      stages: [
        { stageName: 'Source', actions: [source(bucket)] },
        { stageName: 'Run', actions },
      ],
    });
  }
}

function source(bucket: IBucket): IAction {
  const place = { actionName: 'Read', bucket, bucketKey: 'source.zip' };
  return new S3SourceAction({ ...place, output: new Artifact('Source'), trigger: S3Trigger.NONE });
}

function work(seconds: number): string {
  return JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: seconds, End: true } } });
}
