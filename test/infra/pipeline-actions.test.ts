import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Artifact, Pipeline, type IAction } from 'aws-cdk-lib/aws-codepipeline';
import { S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bundlesContext } from '../../infra/bundle.ts';
import * as cdk from '../../infra/public.ts';
import { hashOfNames } from '../../shared/actions/runner/parameter-names.ts';
import { declareAction } from '../../shared/actions/action.ts';
import { actions } from '../../shared/actions/registry.ts';
import { emptyBundles } from './synthesized.ts';

// CDK's own validation of templates is not what is tested here, and slow.
process.env['CDK_VALIDATION'] = 'false';

const bundles = emptyBundles();
afterAll(() => rmSync(bundles, { recursive: true }));

const licences = declareAction({
  id: 'licences',
  description: 'Refuses licences that are not allowed.',
  parameters: z.strictObject({
    allow: z.array(z.string()).min(1),
    input: z.string().optional(),
    digest: z.string().optional(),
  }),
  outputs: ['checkedCount'],
  inputArtifacts: { min: 0, max: 2 },
});

/** A stack with one pipeline that has these actions, and its template. */
function synthesized(make: (made: { slipway: cdk.Slipway; source: Artifact; stack: Stack }) => IAction): Template {
  const app = new App({ context: { [bundlesContext]: bundles }, analyticsReporting: false });
  const slipway = new cdk.Slipway(app, 'Slipway');
  const stack = new Stack(app, 'Shop');
  const source = new Artifact('Source');
  const bucket = new Bucket(stack, 'Bucket') as IBucket; // optional members that may be undefined, in the class alone
  new Pipeline(stack, 'Pipeline', {
    pipelineName: 'shop',
    artifactBucket: bucket,
    stages: [
      {
        stageName: 'Source',
        actions: [new S3SourceAction({ actionName: 'S', bucket, bucketKey: 'k', output: source })],
      },
      { stageName: 'Check', actions: [make({ slipway, source, stack })] },
    ],
  });
  return Template.fromStack(stack);
}

function licencesAction(stack: Stack, parameters: z.input<typeof licences.parameters>, more: object = {}): IAction {
  const role = LambdaFunction.fromFunctionName(stack, 'F', 'f');
  return new cdk.PipelineAction(licences, role, { actionName: 'Licences', parameters, ...more });
}

const everySecret = {
  ...{ actionName: 'Smoke', url: 'https://shop.example/' },
  secretHeaders: { authorization: '#{Build.Secret}' },
};
const everyStack = {
  ...{ actionName: 'Preview', operation: 'delete' as const, stackName: '#{Build.Stack}' },
  roleArn: 'arn:aws:iam::123456789012:role/provision',
};
const everyRole = {
  ...{ actionName: 'Preview', operation: 'delete' as const, stackName: 'preview' },
  roleArn: '#{Build.Role}',
};

/** The configuration of the one action of the stage `Check`. */
function configurationIn(template: Template): Record<string, unknown> {
  const [pipeline] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
  return pipeline?.['Properties'].Stages[1].Actions[0].Configuration;
}

const userParametersIn = (template: Template): Record<string, unknown> =>
  JSON.parse(String(configurationIn(template)['UserParameters']));

describe('the classes of actions', () => {
  it('are one for each action of the registry', () => {
    const named = actions.map(
      ({ id }) => `${id.replace(/(^|-)([a-z])/g, (_all, _dash, letter) => letter.toUpperCase())}Action`,
    );
    expect(Object.keys(cdk)).toEqual(expect.arrayContaining(named));
  });

  it('take place and parameters side by side, and find stage and pipeline by themselves', () => {
    const template = synthesized(
      ({ slipway }) =>
        new cdk.RunWorkflowAction({
          slipway,
          actionName: 'Migrate',
          stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:migrate',
          input: { schema: 'orders' },
          timeoutMinutes: 30,
          wait: 'poll',
        }),
    );
    expect(userParametersIn(template)).toEqual({
      parameters: {
        stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:migrate',
        input: { schema: 'orders' },
        timeoutMinutes: 30,
      },
      context: {
        pipelineExecutionId: '#{codepipeline.PipelineExecutionId}',
        pipeline: 'shop',
        stage: 'Check',
        action: 'Migrate',
      },
      wait: 'poll',
    });
  });

  it('grant what the parameters need, in the stack of the pipeline', () => {
    const template = synthesized(
      ({ slipway }) =>
        new cdk.RunWorkflowAction({
          slipway,
          actionName: 'Migrate',
          stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:migrate',
        }),
    );
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'states:StartExecution',
            Resource: 'arn:aws:states:eu-central-1:123456789012:stateMachine:migrate',
          }),
        ]),
      },
    });
  });

  it('grant under the conditions that the action names', () => {
    const template = synthesized(
      ({ slipway }) =>
        new cdk.ProvisionResourcesAction({
          ...{ slipway, actionName: 'Clear', operation: 'delete', stackName: 'preview' },
          roleArn: 'arn:aws:iam::123456789012:role/provision',
        }),
    );
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'iam:PassRole',
            Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
          }),
        ]),
      },
    });
  });

  it('refuse at synth what does not fit, by name', () => {
    expect(() =>
      synthesized(
        ({ slipway }) =>
          new cdk.RunWorkflowAction({
            slipway,
            actionName: 'Migrate',
            stateMachineArn: 'migrate',
          }),
      ),
    ).toThrow('action Migrate (run-workflow): parameters.stateMachineArn');
    const misspelt = {
      actionName: 'Migrate',
      stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:m',
      timeout: 3,
    };
    expect(() => synthesized(({ slipway }) => new cdk.RunWorkflowAction({ slipway, ...misspelt }))).toThrow(
      '"timeout"',
    );
  });

  it('refuse at synth a name that no parameter has, also beside a value that is known only later', () => {
    const misspelt = { actionName: 'Smoke', url: '#{Deploy.SiteUrl}', retires: 3 };
    expect(() => synthesized(({ slipway }) => new cdk.SmokeTestAction({ slipway, ...misspelt }))).toThrow('"retires"');
  });

  it('fill in defaults also where another parameter is known only later', () => {
    const template = synthesized(
      ({ slipway, source }) =>
        new cdk.ResolveImageDigestAction({
          ...{ slipway, actionName: 'Pin', input: source, definitionsPath: 'imagedefinitions.json' },
          registrySecrets: { 'registry.example': 'registry-#{Build.Stage}' },
        }),
    );
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain(':secret:registry-*-??????');
  });

  it.each([
    ['every secret', (slipway: cdk.Slipway) => new cdk.SmokeTestAction({ slipway, ...everySecret })],
    ['every stack', (slipway: cdk.Slipway) => new cdk.ProvisionResourcesAction({ slipway, ...everyStack })],
    ['every role', (slipway: cdk.Slipway) => new cdk.ProvisionResourcesAction({ slipway, ...everyRole })],
    ...[
      'arn:aws:iam::123456789012:role/#{Build.Role}',
      'arn:aws:iam::#{Build.Account}:role/deploy',
      'arn:#{Build.Rest}',
    ].map((roleArn): [string, (slipway: cdk.Slipway) => IAction] => [
      roleArn,
      (slipway) => new cdk.ProvisionResourcesAction({ slipway, ...everyRole, roleArn }),
    ]),
    ...['arn:aws:states:eu-central-1:123456789012:stateMachine:#{Build.Machine}', '#{Build.Machine}'].map(
      (stateMachineArn): [string, (slipway: cdk.Slipway) => IAction] => [
        stateMachineArn,
        (slipway) => new cdk.RunWorkflowAction({ slipway, actionName: 'Run', stateMachineArn }),
      ],
    ),
    [
      'every topic',
      (slipway: cdk.Slipway) =>
        new cdk.SendNotificationAction({
          ...{ slipway, actionName: 'Tell', message: 'released' },
          topicArn: 'arn:aws:sns:eu-central-1:123456789012:#{Build.Topic}',
        }),
    ],
  ])('refuse at synth a variable that would open %s to the action', (_what, make) => {
    expect(() => synthesized(({ slipway }) => make(slipway))).toThrow("the pipeline's variable");
  });

  it('let a variable stand in a name of which a part is fixed', () => {
    const template = synthesized(
      ({ slipway }) =>
        new cdk.SmokeTestAction({
          ...{ slipway, actionName: 'Smoke', url: 'https://example.com' },
          secretHeaders: { authorization: 'shop/#{Deploy.Stage}/token' },
        }),
    );
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain(':secret:shop/*/token-??????');
  });

  it('name outputs for later actions, and refuse one that is not there', () => {
    synthesized(({ slipway }) => {
      const action = new cdk.RunWorkflowAction({
        slipway,
        actionName: 'Migrate',
        stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:migrate',
        variablesNamespace: 'Migration',
      });
      expect(action.variable('output')).toMatch(/^#\{.*\.output\}$/);
      expect(() => action.variable('outcome' as 'output')).toThrow(
        'action run-workflow has no output "outcome"; it has: executionArn, output',
      );
      return action;
    });
  });

  it('name the outputs that parameters choose', () => {
    synthesized(({ slipway, source }) => {
      const action = new cdk.ProvisionResourcesAction({
        ...{ slipway, actionName: 'Preview', input: source, stackName: 'preview' },
        roleArn: 'arn:aws:iam::123456789012:role/provision',
        outputVariables: ['ClusterName'],
        variablesNamespace: 'Preview',
      });
      expect(action.variable('ClusterName')).toMatch(/^#\{.*\.ClusterName\}$/);
      expect(() => action.variable('ClusterNam')).toThrow('has no output "ClusterNam"');
      return action;
    });
  });
});

describe('where an action is put', () => {
  it('needs a pipeline with a name, since each job is told it', () => {
    const app = new App();
    const stack = new Stack(app, 'Unnamed');
    const bucket = new Bucket(stack, 'Bucket') as IBucket; // as above
    const source = new S3SourceAction({ actionName: 'S', bucket, bucketKey: 'k', output: new Artifact() });
    const unnamed = (more: object): Pipeline =>
      new Pipeline(new Stack(app, `Of${Object.keys(more).length}`), 'Pipeline', {
        stages: [
          { stageName: 'Source', actions: [source] },
          { stageName: 'Check', actions: [licencesAction(stack, { allow: ['MIT'] }, more)] },
        ],
      });
    expect(() => unnamed({})).toThrow('action Check/Licences (licences): its pipeline has no name at synth');
  });

  it.each([
    [{ stageName: 'Chek' }, 'stageName is "Chek", but its stage is "Check"; leave it out'],
    [{ pipelineName: 'store' }, 'pipelineName is "store", but its pipeline is "shop"; leave it out'],
  ])('is not what %o says, and so refused', (more, problem) => {
    expect(() => synthesized(({ stack }) => licencesAction(stack, { allow: ['MIT'] }, more))).toThrow(problem);
  });
});

describe('parameters over 1,000 characters', () => {
  const many = Array.from({ length: 100 }, (_none, index) => `licence-${index} {{x}}`);
  const own = (parameters: z.input<typeof licences.parameters>) => (made: { slipway: cdk.Slipway; stack: Stack }) =>
    cdk.pipelineAction(licences, made.slipway.engine.function('actions-run-smoke-test'), {
      actionName: 'Licences',
      parameters,
    });
  let template: Template;
  beforeAll(() => {
    template = synthesized(own({ allow: many, digest: '#{Build.Digest}' }));
  });

  it('lie in Parameter Store under the hash of their content, all but what the pipeline knows later', () => {
    const { parametersFrom, ...passed } = userParametersIn(template);
    const { name, sha256 } = z.object({ name: z.string(), sha256: z.string() }).parse(parametersFrom);
    expect(passed['parameters']).toEqual({ digest: '#{Build.Digest}' });
    // Of all of them, wherever they lie.
    expect(passed['names']).toBe(hashOfNames({ allow: many, digest: '' }));
    const [parameter] = Object.values(template.findResources('AWS::SSM::Parameter'));
    const { Name, Value, Tier } = parameter?.['Properties'];
    expect({ Name, Tier }).toEqual({ Name: name, Tier: 'Standard' });
    expect(JSON.parse(Value)).toEqual({ allow: many });
    expect(Value).not.toContain('{{');
    expect(createHash('sha256').update(Value).digest('hex')).toBe(sha256);
    expect(name.endsWith(`/${sha256.slice(0, 16)}`)).toBe(true);
    expect(String(configurationIn(template)['UserParameters']).length).toBeLessThanOrEqual(1000);
  });

  it('are read by the function, and nothing beside them', () => {
    const reading = Object.values(template.findResources('AWS::IAM::Policy'))
      .flatMap((policy) => policy['Properties'].PolicyDocument.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('ssm:'));
    expect(reading).toEqual([
      {
        Effect: 'Allow',
        Action: 'ssm:GetParameter',
        Resource: expect.objectContaining({ 'Fn::Join': expect.anything() }),
      },
    ]);
  });

  it('take the advanced tier over 4 KB, and are refused over 8 KB', () => {
    const long = (bytes: number) => own({ allow: ['x'.repeat(bytes)] });
    synthesized(long(5000)).hasResourceProperties('AWS::SSM::Parameter', { Tier: 'Advanced' });
    expect(() => synthesized(long(9000))).toThrow(/have 9\d{3} bytes, Parameter Store holds 8192/);
  });

  it('lie there also if it is the ARNs, of which synth sees placeholders, that make them so long', () => {
    const made = synthesized((given) => {
      const { bucketArn } = new Bucket(given.stack, 'Other');
      const allow = ['x'.repeat(700)];
      return own({ allow, input: bucketArn, digest: bucketArn })(given);
    });
    made.resourceCountIs('AWS::SSM::Parameter', 1);
  });

  it('are refused when too much is known only later', () => {
    const allow = Array.from({ length: 60 }, (_none, index) => `#{Build.Licence${index}}`);
    expect(() => synthesized(own({ allow }))).toThrow(/CodePipeline allows 1000, and 1\d{3} of them/);
  });

  it('keep what CloudFormation resolves, whose hash nobody knows at synth', () => {
    const made = synthesized((given) => {
      const digest = new CfnParameter(given.stack, 'Digest').valueAsString;
      return own({ allow: many, digest })(given);
    });
    const [parameter] = Object.values(made.findResources('AWS::SSM::Parameter'));
    expect(Object.keys(JSON.parse(parameter?.['Properties'].Value))).toEqual(['allow']);
    expect(JSON.stringify(configurationIn(made))).toContain('{"Ref":"Digest"}');
  });
});
