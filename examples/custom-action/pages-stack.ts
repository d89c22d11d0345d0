import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Artifact, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ActionFunction, type Slipway } from 'slipway/cdk';
import { sizeLimit } from './size-limit.ts';

/** A pipeline that checks the size of its source with an action of this project. */
export class PagesStack extends Stack {
  constructor(scope: Construct, id: string, { slipway }: { slipway: Slipway }) {
    super(scope, id);
    // `as IBucket`: the class declares optional members that may be undefined, the interface does not.
    const bucket = new Bucket(this, 'Source', { versioned: true, removalPolicy: RemovalPolicy.DESTROY }) as IBucket;
    const limit = new ActionFunction(this, 'SizeLimit', {
      slipway,
      declaration: sizeLimit,
      entry: new URL('./size-limit.ts', import.meta.url),
    });
    const source = new Artifact('Source');
    const fetch = new S3SourceAction({
      actionName: 'Fetch',
      bucket,
      bucketKey: 'pages.zip',
      output: source,
      trigger: S3Trigger.NONE,
    });
    new Pipeline(this, 'Pipeline', {
      pipelineName: 'pages',
      pipelineType: PipelineType.V2,
      stages: [
        { stageName: 'Source', actions: [fetch] },
        {
          stageName: 'Check',
          actions: [limit.action({ actionName: 'Size', input: source, maxKilobytes: 10 })],
        },
      ],
    });
    new CfnOutput(this, 'SourceBucket', { value: bucket.bucketName });
  }
}
