import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';
import type { JsonObject } from '../../../local/json.ts';
import { services } from '../../../local/services/registry.ts';
import type { CloudContext } from '../../../local/services/service-module.ts';

/** A whole local cloud with one of everything, and its inside. */
export interface World {
  readonly cloud: LocalCloud;
  readonly context: CloudContext;
  /** What was reported to the person: a handler that failed is. */
  readonly reported: string[];
  readonly apiPath: string;
  close(): Promise<void>;
}

const account = '123456789012';
/** The role that everything in the world has. */
export const roleArn = `arn:aws:iam::${account}:role/everything`;
const principals = ['lambda', 'states', 'codepipeline', 'scheduler', 'events'].map((name) => `${name}.amazonaws.com`);

const resources: JsonObject = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'everything',
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { Service: principals }, Action: 'sts:AssumeRole' }],
      },
    },
  },
  Echo: {
    Type: 'AWS::Lambda::Function',
    DependsOn: 'Role',
    Properties: {
      FunctionName: 'echo',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: roleArn,
      Code: { ZipFile: 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });' },
    },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'hooks', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['Echo', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'POST /hooks/{provider}',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    },
  },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
  },
};

/** Starts the cloud in a temporary folder, under a virtual clock. */
export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bad-input-'));
  const reported: string[] = [];
  let context: CloudContext | undefined;
  const cloud = await startLocalCloud({
    app: assembly(join(folder, 'cdk.out')),
    folder: join(folder, '.slipway'),
    clock: { kind: 'virtual', startMs: Date.UTC(2026, 0, 5, 9) },
    isAuthorizing: false,
    report: (line) => void reported.push(line),
    services: [
      ...services,
      (opened) => {
        context = opened;
        return {};
      },
    ],
  });
  if (!context) throw new Error('no service was opened');
  const close = async (): Promise<void> => {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { cloud, context, reported, apiPath: `/_api/${String(cloud.outputs('App')['Api'])}`, close };
}

function assembly(out: string): string {
  mkdirSync(out, { recursive: true });
  const template = { Resources: resources, Outputs: { Api: { Value: { Ref: 'Api' } } } };
  writeFileSync(join(out, 'App.template.json'), JSON.stringify(template));
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: `aws://${account}/us-east-1`,
    properties: { templateFile: 'App.template.json' },
  };
  writeFileSync(join(out, 'manifest.json'), JSON.stringify({ version: '1.0', artifacts: { App: stack } }));
  return out;
}
