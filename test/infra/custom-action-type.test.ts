import { App, Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ActionCategory, Artifact, Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import * as z from 'zod/mini';
import { bundlesContext } from '../../infra/bundle.ts';
import {
  CustomActionType,
  provisionResources,
  runWorkflow,
  Slipway,
  type CustomActionTypeProps,
} from '../../infra/public.ts';
import { parseUserParameters } from '../../shared/actions/runner/job-event.ts';
import { pipelineJob } from '../../shared/actions/testing/pipeline-job.ts';
import { declareAction, type ActionDeclaration } from '../../shared/actions/action.ts';
import { emptyBundles } from './synthesized.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:Work';
const declared = (parameters: ActionDeclaration['parameters']): ActionDeclaration =>
  declareAction({ id: 'probe', description: 'A probe.', parameters, outputs: [] });

const links = { execution: 'https://example.com/{Config:stateMachineArn}' };

let bundles: string;
let made: ReturnType<typeof synthesized>;
beforeAll(() => {
  bundles = emptyBundles();
  made = synthesized();
}, 120_000);
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

/** A stack with a type, and a pipeline that uses it. */
function synthesized(named: { readonly slipway?: string; readonly stack?: string } = {}) {
  const app = new App({ analyticsReporting: false, context: { [bundlesContext]: bundles } });
  const stack = new Stack(app, named.stack ?? 'Acting');
  const slipway = new Slipway(app, named.slipway ?? 'Slipway');
  const typeOf = (id: string, more: Partial<CustomActionTypeProps<typeof runWorkflow>>) =>
    new CustomActionType(stack, id, { slipway, declaration: runWorkflow, ...more });
  const type = typeOf('Type', { links });
  const source = new Artifact('Source');
  const bucket = new Bucket(stack, 'SourceBucket', { versioned: true }) as IBucket; // its members may be undefined
  const action = type.action({ actionName: 'Work', parameters: { stateMachineArn, input: { a: 1 } } });
  new Pipeline(stack, 'Pipeline', {
    pipelineName: 'acting',
    stages: [
      {
        stageName: 'Source',
        actions: [new S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'source.zip', output: source })],
      },
      { stageName: 'Act', actions: [action] },
    ],
  });
  return { type, typeOf, action, template: Template.fromStack(stack) };
}

describe('a custom action type', () => {
  it('has a property for each parameter, and the queryable one', () => {
    const { template, type } = made;
    const [resource] = Object.values(template.findResources('AWS::CodePipeline::CustomActionType'));
    const properties = z
      .array(z.looseObject({ Name: z.string(), Required: z.boolean(), Queryable: z.boolean() }))
      .parse(resource?.['Properties'].ConfigurationProperties);
    expect(properties.filter(({ Queryable: isQueryable }) => isQueryable).map(({ Name: name }) => name)).toEqual([
      'Installation',
    ]);
    expect(properties.find(({ Name: name }) => name === 'stateMachineArn')?.Required).toBe(true);
    expect(properties.find(({ Name: name }) => name === 'input')?.Required).toBe(false);
    expect(resource?.['Properties']).toMatchObject({
      Category: 'Invoke',
      Provider: 'Slipway-run-workflow',
      Settings: { ExecutionUrlTemplate: 'https://example.com/{Config:stateMachineArn}' },
    });
    expect(type.installation).toMatch(/^[A-Za-z0-9_-]{1,20}$/);
    expect(type.version).toMatch(/^[0-9a-f]{9}$/);
  });

  it('is another version as soon as anything of it is another', () => {
    const { type, typeOf } = made;
    const others = { B: { category: ActionCategory.TEST }, C: { links: { entity: 'https://example.com' } }, D: {} };
    const versions = Object.entries(others).map(([id, more]) => typeOf(id, more).version);
    expect(new Set([...versions, type.version]).size).toBe(4);
  });

  it('is the same version each time it is synthesized', () => {
    expect(synthesized().type.version).toBe(made.type.version);
  });

  it.each([
    ['installations', { slipway: 'Other' }],
    ['stacks of one installation', { stack: 'Other' }],
  ])('is another version in two %s, which an account may have in one region', (_what, other) => {
    const there = synthesized(other).type;
    expect(there.provider).toBe(made.type.provider);
    expect(there.version).not.toBe(made.type.version);
  });

  it('never shares its provider with an action whose id begins like its own', () => {
    const idOf = (end: string): string => `a-name-that-is-longer-than-35-characters-${end}`;
    const [one, two] = ['one', 'two'].map((end) => {
      const declaration = declareAction({ ...declared(z.strictObject({})), id: idOf(end) });
      return made.typeOf(end, { declaration: declaration as unknown as typeof runWorkflow, runner: made.type.runner }); // any fits
    });
    expect(one?.provider).toMatch(/^Slipway-a-name-that-is-lon[a-z-]*-[0-9a-f]{8}$/);
    expect(one?.provider).toHaveLength(35);
    expect(two?.provider).not.toBe(one?.provider);
  });

  it('is there before its pipeline, which names its owner Custom and passes texts', () => {
    const { template, type } = made;
    const [typeId] = Object.keys(template.findResources('AWS::CodePipeline::CustomActionType'));
    const [pipeline] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
    expect(pipeline?.['DependsOn']).toContain(typeId);
    expect(pipeline?.['Properties'].Stages[1].Actions[0]).toMatchObject({
      ActionTypeId: { Category: 'Invoke', Owner: 'Custom', Provider: type.provider, Version: type.version },
      Configuration: { stateMachineArn, input: '{"a":1}', Installation: type.installation },
    });
  });

  it('is understood by the test kit, which makes the job that its worker would', () => {
    const { userParameters } = pipelineJob(made.template.toJSON(), { stage: 'Act', action: 'Work' });
    expect(parseUserParameters(userParameters, runWorkflow.parameters)).toEqual({
      parameters: { stateMachineArn, input: { a: 1 }, timeoutMinutes: 60 },
      context: { pipelineExecutionId: 'test-execution', pipeline: 'acting', stage: 'Act', action: 'Work' },
      wait: 'push',
    });
    const { Resources: resources } = z
      .object({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) })
      .parse(made.template.toJSON());
    const pipelines = Object.entries(resources).filter(([, { Type: type }]) => type === 'AWS::CodePipeline::Pipeline');
    const alone = { Resources: Object.fromEntries(pipelines) };
    expect(() => pipelineJob(alone, { stage: 'Act', action: 'Work' })).toThrow(
      /has no custom action type Invoke\/Slipway-run-workflow\/[0-9a-f]{9}, of which action Work is/,
    );
  });

  it('lets the worker poll for it alone, and start its function alone', () => {
    const { template, type } = made;
    const statements = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(statements).toContain(`actiontype:Custom/Invoke/${type.provider}/${type.version}`);
    expect(statements).not.toContain('"Resource":"*"');
  });

  it('refuses a category that is for no custom action', () => {
    expect(() => made.typeOf('F', { category: ActionCategory.APPROVAL })).toThrow(
      /category is Approval, allowed are Build/,
    );
  });

  it.each(['{Config:nope}', '{Config:input}', '{ConfigstateMachineArn}', '{executionId}'])(
    'refuses a link with %s, which CodePipeline fills in nowhere',
    (place) => {
      const linked = { links: { revision: `https://example.com/${place}?in=${Aws.REGION}` } };
      expect(() => made.typeOf(place, linked)).toThrow(
        `links.revision refers to ${place}; allowed are {ExternalExecutionId}, {Config:stateMachineArn}, {Config:Installation}`,
      );
    },
  );

  it('refuses a variable that the action does not have', () => {
    expect(made.action.variable('output')).toMatch(/^#\{.*\.output\}$/);
    // As JavaScript lets one write it.
    expect(() => made.action.variable('nope' as 'output')).toThrow(
      'action run-workflow has no output "nope"; it has: executionArn, output',
    );
  });
});

it('grants what an action of the library may do as its class does, with conditions, and knows the outputs that parameters choose', () => {
  const app = new App({ analyticsReporting: false, context: { [bundlesContext]: bundles } });
  const stack = new Stack(app, 'Acting');
  const type = new CustomActionType(stack, 'Type', {
    slipway: new Slipway(app, 'Slipway'),
    declaration: provisionResources,
  });
  const source = new Artifact('Source');
  const bucket = new Bucket(stack, 'SourceBucket', { versioned: true }) as IBucket; // its members may be undefined
  const action = type.action({
    actionName: 'Stack',
    inputs: [source],
    parameters: {
      stackName: 'preview',
      templatePath: 'template.json',
      roleArn: 'arn:aws:iam::123456789012:role/deploy',
      outputVariables: ['Url'],
    },
  });
  new Pipeline(stack, 'Pipeline', {
    pipelineName: 'acting',
    stages: [
      {
        stageName: 'Source',
        actions: [new S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'source.zip', output: source })],
      },
      { stageName: 'Act', actions: [action] },
    ],
  });
  const statements = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(
    (policy) => policy['Properties'].PolicyDocument.Statement,
  );
  expect(statements.filter(({ Action }) => Action === 'iam:PassRole')).toMatchObject([
    { Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } } },
  ]);
  expect(action.variable('Url')).toMatch(/^#\{.*\.Url\}$/);
  expect(() => action.variable('Nope')).toThrow('has no output "Nope"');
});
