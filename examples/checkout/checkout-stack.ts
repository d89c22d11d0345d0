import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Artifact, ExecutionMode, Pipeline, PipelineType, type StageProps } from 'aws-cdk-lib/aws-codepipeline';
import { ManualApprovalAction, S3DeployAction, S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  acknowledge,
  acknowledgeWildcards,
  SecurityScanAction,
  type Slipway,
  SmokeTestAction,
} from '../../infra/public.ts';

const sourceKey = 'checkout.zip';

/** A static shop page, its pipeline, and its declaration as a service of Slipway. */
export class CheckoutStack extends Stack {
  readonly pipeline: Pipeline;

  constructor(scope: Construct, id: string, { slipway, ...props }: StackProps & { slipway: Slipway }) {
    super(scope, id, { description: 'Checkout: an example of a service', ...props });
    const accessLogs = accessLogBucket(this);
    const source = privateBucket(this, 'Source', { versioned: true, accessLogs });
    const artifacts = privateBucket(this, 'Artifacts', { versioned: false, accessLogs });
    const site = websiteBucket(this, accessLogs);
    this.pipeline = deliveryPipeline(this, { slipway, source, artifacts, site });
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
  { slipway, source, artifacts, site }: { slipway: Slipway; source: IBucket; artifacts: IBucket; site: IBucket },
): Pipeline {
  const pipeline = new Pipeline(stack, 'Pipeline', {
    pipelineName: 'checkout',
    pipelineType: PipelineType.V2,
    executionMode: ExecutionMode.SUPERSEDED,
    artifactBucket: artifacts,
    stages: stages(slipway, source, site),
  });
  acknowledgeWildcards(pipeline, {
    actions: ['s3:Abort*', 's3:DeleteObject*', 's3:GetBucket*', 's3:GetObject*', 's3:List*'],
    resources: [artifacts, site].map((bucket) => bucket.arnForObjects('*')),
    because: "what CDK grants a pipeline's roles on its own buckets, whose keys are made by each execution",
  });
  return pipeline;
}

function stages(slipway: Slipway, source: IBucket, site: IBucket): StageProps[] {
  const code = new Artifact('Source');
  // Only a release starts the pipeline: it names the version.
  const fetch = new S3SourceAction({
    actionName: 'Source',
    bucket: source,
    bucketKey: sourceKey,
    output: code,
    trigger: S3Trigger.NONE,
  });
  const scan = new SecurityScanAction({
    slipway,
    actionName: 'Secrets',
    input: code,
    output: new Artifact('Findings'),
  });
  const approve = new ManualApprovalAction({
    actionName: 'Approve',
    additionalInformation: 'Release checkout to production?',
  });
  const deploy = new S3DeployAction({ actionName: 'Site', bucket: site, input: code, extract: true });
  const verify = new SmokeTestAction({
    slipway,
    actionName: 'Smoke',
    url: `${site.bucketWebsiteUrl}/`,
    durationSeconds: 40,
    bodyIncludes: 'The checkout is open',
  });
  return [
    { stageName: 'Source', actions: [fetch] },
    { stageName: 'Scan', actions: [scan] },
    { stageName: 'Approve', actions: [approve] },
    { stageName: 'Deploy', actions: [deploy] },
    { stageName: 'Verify', actions: [verify] },
  ];
}

// `as IBucket`: CDK's classes declare optional members that may be undefined, its interfaces do not.
function privateBucket(
  stack: Stack,
  id: string,
  { versioned, accessLogs }: { versioned: boolean; accessLogs: IBucket },
): IBucket {
  return new Bucket(stack, id, {
    ...closed,
    versioned,
    serverAccessLogsBucket: accessLogs,
    serverAccessLogsPrefix: `${id}/`,
  }) as IBucket;
}

/** Who read and wrote the other buckets, for three months. */
function accessLogBucket(stack: Stack): IBucket {
  return new Bucket(stack, 'AccessLogs', { ...closed, lifecycleRules: [{ expiration: Duration.days(90) }] }) as IBucket;
}

const closed: BucketProps = {
  encryption: BucketEncryption.S3_MANAGED,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN,
};

/** A site that everyone may read; an S3 website cannot be served otherwise without a distribution in front. */
function websiteBucket(stack: Stack, accessLogs: IBucket): IBucket {
  const site = new Bucket(stack, 'Site', {
    websiteIndexDocument: 'index.html',
    websiteErrorDocument: '404.html',
    publicReadAccess: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY,
    encryption: BucketEncryption.S3_MANAGED,
    removalPolicy: RemovalPolicy.RETAIN,
    serverAccessLogsBucket: accessLogs,
    serverAccessLogsPrefix: 'Site/',
  });
  acknowledge(site, {
    S2: 'a public website: everyone may read it, by its bucket policy; it holds nothing but what is published',
    S5: 'the example serves the site from S3 itself; a site of your own may stand behind a distribution',
    S10: 'the endpoint of an S3 website speaks HTTP only, so a policy that asks for TLS would close the site',
  });
  return site as IBucket;
}
