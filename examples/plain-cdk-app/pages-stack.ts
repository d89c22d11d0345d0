import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Artifact, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import {
  LambdaInvokeAction,
  ManualApprovalAction,
  S3SourceAction,
  S3Trigger,
} from 'aws-cdk-lib/aws-codepipeline-actions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** A zip in a bucket, a check that we wrote ourselves, and somebody who says yes. */
export class PagesStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const source = new Bucket(this, 'Source', {
      versioned: true,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    const sizeLimit = new LambdaFunction(this, 'SizeLimit', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(join(import.meta.dirname, 'size-limit')),
      timeout: Duration.seconds(30),
    });
    const pages = new Artifact('Pages');
    const pipeline = new Pipeline(this, 'Pipeline', {
      pipelineName: 'pages',
      pipelineType: PipelineType.V2,
      crossAccountKeys: false,
      stages: [
        {
          stageName: 'Source',
          actions: [
            new S3SourceAction({
              actionName: 'Zip',
              // CDK's classes declare optional members that may be undefined, its interfaces do not.
              bucket: source as IBucket,
              bucketKey: 'pages.zip',
              output: pages,
              trigger: S3Trigger.NONE,
            }),
          ],
        },
        {
          stageName: 'Check',
          actions: [
            new LambdaInvokeAction({
              actionName: 'SizeLimit',
              lambda: sizeLimit,
              inputs: [pages],
              userParameters: { maxBytes: 1_000_000 },
              variablesNamespace: 'Check',
            }),
          ],
        },
        { stageName: 'Approve', actions: [new ManualApprovalAction({ actionName: 'Yes' })] },
      ],
    });
    new CfnOutput(this, 'SourceBucket', { value: source.bucketName });
    new CfnOutput(this, 'PipelineName', { value: pipeline.pipelineName });
    new CfnOutput(this, 'CheckFunction', { value: sizeLimit.functionName });
  }
}
