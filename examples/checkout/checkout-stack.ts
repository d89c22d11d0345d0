import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Artifact, ExecutionMode, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { ManualApprovalAction, S3DeployAction, S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { securityScan, Slipway, smokeTest } from '../../infra/public.ts';

const sourceKey = 'checkout.zip';
const pipelineName = 'checkout';

/** A static shop page, its pipeline, and its declaration as a service of Slipway. */
export class CheckoutStack extends Stack {
  readonly pipeline: Pipeline;

  constructor(scope: Construct, id: string, { slipway, ...props }: StackProps & { slipway: Slipway }) {
    super(scope, id, { description: 'Checkout: an example of a service', ...props });
    const source = privateBucket(this, 'Source', { versioned: true });
    const site = websiteBucket(this);
    this.pipeline = deliveryPipeline(this, { slipway, source, site });
    slipway.service('checkout', {
      pipeline: this.pipeline,
      source: {
        bucket: source,
        key: sourceKey,
        action: 'Source',
        github: { repository: 'acme/checkout', branch: 'main' },
      },
      environments: [{ name: 'production', url: site.bucketWebsiteUrl }],
      nightly: { expression: 'cron(0 2 * * ? *)', timeZone: 'Europe/Berlin' },
    });
    new CfnOutput(this, 'SiteUrl', { description: 'The deployed site', value: site.bucketWebsiteUrl });
    new CfnOutput(this, 'PipelineName', { value: this.pipeline.pipelineName });
  }
}

function deliveryPipeline(
  stack: Stack,
  { slipway, source, site }: { slipway: Slipway; source: IBucket; site: IBucket },
): Pipeline {
  const code = new Artifact('Source');
  const findings = new Artifact('Findings');
  return new Pipeline(stack, 'Pipeline', {
    pipelineName,
    pipelineType: PipelineType.V2,
    executionMode: ExecutionMode.SUPERSEDED,
    artifactBucket: privateBucket(stack, 'Artifacts', { versioned: false }),
    stages: [
      {
        stageName: 'Source',
        // Only a release starts the pipeline: it names the version.
        actions: [
          new S3SourceAction({
            actionName: 'Source',
            bucket: source,
            bucketKey: sourceKey,
            output: code,
            trigger: S3Trigger.NONE,
          }),
        ],
      },
      {
        stageName: 'Scan',
        actions: [
          slipway.action(securityScan, {
            actionName: 'Secrets',
            stageName: 'Scan',
            pipelineName,
            parameters: {},
            inputs: [code],
            outputs: [findings],
          }),
        ],
      },
      {
        stageName: 'Approve',
        actions: [
          new ManualApprovalAction({ actionName: 'Approve', additionalInformation: 'Release checkout to production?' }),
        ],
      },
      {
        stageName: 'Deploy',
        actions: [new S3DeployAction({ actionName: 'Site', bucket: site, input: code, extract: true })],
      },
      {
        stageName: 'Verify',
        actions: [
          slipway.action(smokeTest, {
            actionName: 'Smoke',
            stageName: 'Verify',
            pipelineName,
            parameters: { url: `${site.bucketWebsiteUrl}/`, durationSeconds: 40, bodyIncludes: 'The checkout is open' },
          }),
        ],
      },
    ],
  });
}

// `as IBucket`: CDK's classes declare optional members that may be undefined, its interfaces do not.
function privateBucket(stack: Stack, id: string, { versioned }: { versioned: boolean }): IBucket {
  return new Bucket(stack, id, {
    versioned,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  }) as IBucket;
}

/** A site that everyone may read; an S3 website cannot be served otherwise without a distribution in front. */
function websiteBucket(stack: Stack): IBucket {
  return new Bucket(stack, 'Site', {
    websiteIndexDocument: 'index.html',
    websiteErrorDocument: '404.html',
    publicReadAccess: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY,
    encryption: BucketEncryption.S3_MANAGED,
    removalPolicy: RemovalPolicy.RETAIN,
  }) as IBucket;
}
