import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ActionCategory, Artifact, Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import * as z from 'zod/mini';
import { bundlesContext } from '../../infra/bundle.ts';
import { CustomActionType, runWorkflow, Slipway, type CustomActionTypeProps } from '../../infra/public.ts';
import { propertiesOf } from '../../infra/pipelines/custom-properties.ts';
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
function synthesized() {
  const app = new App({ analyticsReporting: false, context: { [bundlesContext]: bundles } });
  const stack = new Stack(app, 'Acting');
  const slipway = new Slipway(app, 'Slipway');
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
  return { type, typeOf, template: Template.fromStack(stack) };
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
    expect(typeOf('E', { links }).version).toBe(type.version);
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

  it('refuses parameters that make no properties', () => {
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`p${n}`, z.string()]));
    expect(() => propertiesOf(declared(z.strictObject(many)))).toThrow(/allowed are 9/);
    expect(() => propertiesOf(declared(z.string()))).toThrow(/no plain object/);
    expect(() => propertiesOf(declared(z.strictObject({ Installation: z.string() })))).toThrow(
      /none of them Installation/,
    );
  });
});
