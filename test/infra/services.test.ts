import { rmSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Artifact, Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { ManualApprovalAction, S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { bundlesContext } from '../../infra/bundle.ts';
import { pipelineAction, Slipway, smokeTest, type PipelineActionProps } from '../../infra/public.ts';
import { serviceSchema } from '../../shared/services/service.ts';
import { emptyBundles, ofType, synthesizedStacks } from './synthesized.ts';

describe('a declared service', () => {
  const { checkout } = synthesizedStacks();
  const [[, parameter] = []] = ofType(checkout, 'AWS::SSM::Parameter');

  it('is read by the schema of the functions, once CloudFormation has resolved it', () => {
    expect(parameter?.Properties['Name']).toBe('/slipway/services/checkout');
    expect(serviceSchema.parse(JSON.parse(resolved(parameter?.Properties['Value'])))).toEqual({
      contract: 1,
      name: 'checkout',
      pipeline: { arn: 'arn:aws:codepipeline:eu-central-1:123456789012:checkout' },
      source: {
        bucket: 'resolved-bucket',
        key: 'checkout.zip',
        action: 'Source',
        github: { repository: 'acme/checkout', branch: 'main' },
      },
      environments: [{ name: 'production', url: 'http://site.example' }],
    });
  });

  it('is followed by a rule on its own pipeline', () => {
    const [[, rule] = []] = ofType(checkout, 'AWS::Events::Rule');
    expect(rule?.Properties['EventPattern']).toMatchObject({ source: ['aws.codepipeline'] });
    expect(resolved(rule?.Properties['EventPattern'].resources[0])).toBe(
      'arn:aws:codepipeline:eu-central-1:123456789012:checkout',
    );
  });
});

/** What CloudFormation makes of a value of the example's template. */
function resolved(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument] = []] = Object.entries(value ?? {});
  if (intrinsic === 'Fn::Join') return argument[1].map(resolved).join('');
  if (intrinsic === 'Fn::GetAtt' && argument[1] === 'WebsiteURL') return 'http://site.example';
  const pseudo: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::Region': 'eu-central-1',
    'AWS::AccountId': '123456789012',
  };
  if (intrinsic === 'Ref')
    return pseudo[argument] ?? (argument.startsWith('Pipeline') ? 'checkout' : 'resolved-bucket');
  throw new Error(`the test resolves no ${intrinsic}`);
}

describe('slipway.service', () => {
  it.each(['Checkout', 'a b', '-a', 'a'.repeat(65), ''])('refuses the name "%s"', (name) => {
    const bundles = emptyBundles();
    const app = new App({ context: { [bundlesContext]: bundles } });
    const slipway = new Slipway(app, 'Slipway');
    const stack = new Stack(app, 'Shop');
    const bucket = new Bucket(stack, 'Source') as IBucket; // optional members that may be undefined, in the class alone
    const output = new Artifact();
    const pipeline = new Pipeline(stack, 'Pipeline', {
      stages: [
        { stageName: 'A', actions: [new S3SourceAction({ actionName: 'S', bucket, bucketKey: 'k', output })] },
        { stageName: 'B', actions: [new ManualApprovalAction({ actionName: 'M' })] },
      ],
    });
    const source = { bucket, key: 'k', action: 'S' };
    expect(() => slipway.service(name, { pipeline, source, environments: [] })).toThrow(`service name "${name}"`);
    rmSync(bundles, { recursive: true });
  });
});

describe('an action of a pipeline', () => {
  const stack = new Stack(new App(), 'Shop');
  const lambda = Function.fromFunctionName(stack, 'Action', 'action');
  const where = { actionName: 'Smoke', stageName: 'Verify', pipelineName: 'shop' };
  const smoke = (parameters: object) =>
    // What the test is about: parameters that do not fit.
    pipelineAction(smokeTest, lambda, { ...where, parameters } as PipelineActionProps<typeof smokeTest>);

  it('takes parameters that fit, and passes the context that the event of a job lacks', () => {
    expect(smoke({ url: 'https://shop.example/' }).actionProperties).toMatchObject({
      actionName: 'Smoke',
      provider: 'Lambda',
    });
  });

  it.each([
    ['a field that does not fit', { url: 'ftp://shop.example/' }, 'parameters.url'],
    ['a number out of bounds', { url: 'https://shop.example/', durationSeconds: 0 }, 'parameters.durationSeconds'],
    ['a field that is missing', {}, 'parameters.url'],
    ['a field that is unknown', { url: 'https://shop.example/', colour: 'red' }, 'colour'],
    [
      'one beside a token',
      { url: new Bucket(stack, 'Site').bucketWebsiteUrl, durationSeconds: 'long' },
      'durationSeconds',
    ],
  ])('refuses %s, by name', (_, parameters, field) => {
    expect(() => smoke(parameters)).toThrow(`action Verify/Smoke (smoke-test): parameters`);
    expect(() => smoke(parameters)).toThrow(field);
  });

  it('takes a value that is known only when the pipeline runs', () => {
    expect(() => smoke({ url: '#{Deploy.SiteUrl}' })).not.toThrow();
  });

  it('refuses artifacts that the action does not take, and asks for those that it needs', () => {
    const parameters = { url: 'https://shop.example/' };
    const outputs = [new Artifact('Report'), new Artifact('Second')];
    expect(() => pipelineAction(smokeTest, lambda, { ...where, parameters, outputs })).toThrow(
      'output artifacts: 2 given, allowed are 0 to 1',
    );
    const reading = { ...smokeTest, inputArtifacts: { min: 1, max: 1 } };
    expect(() => pipelineAction(reading, lambda, { ...where, parameters })).toThrow(
      'input artifacts: 0 given, allowed are 1',
    );
  });
});
