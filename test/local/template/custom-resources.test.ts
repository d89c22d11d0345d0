import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';
import type { JsonObject } from '../../../local/json.ts';

let folder: string;
let reported: string[];
let cloud: LocalCloud | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-custom-'));
  reported = [];
});
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Keeps each event in the bucket `seen`, then answers as AWS's own cfn-response module does. */
const handler = `
  const https = require('https');
  const { S3 } = require('@aws-sdk/client-s3');
  exports.handler = async (event) => {
    const Key = event.RequestType + '-' + event.ResourceProperties.Value;
    await new S3({ forcePathStyle: true }).putObject({ Bucket: 'seen', Key, Body: JSON.stringify(event) });
    if (event.ResourceProperties.Throws === event.RequestType) throw new Error('no such thing');
    if (event.ResourceProperties.Silent) return;
    const { Status = 'SUCCESS', Reason, Id = 'thing-1', Extra = '' } = event.ResourceProperties;
    const { StackId, RequestId, LogicalResourceId } = event;
    const Data = { Upper: event.ResourceProperties.Value.toUpperCase(), Extra };
    const answer = { Status, Reason, PhysicalResourceId: Id, StackId, RequestId, LogicalResourceId, NoEcho: true, Data };
    const body = event.ResourceProperties.Garbled ?? JSON.stringify(answer);
    const { hostname, pathname: path } = new URL(event.ResponseURL);
    const options = { hostname, port: 443, path, method: 'PUT', headers: { 'content-length': Buffer.byteLength(body) } };
    await new Promise((resolve, reject) => {
      const request = https.request(options, (response) => { response.resume(); resolve(); });
      request.on('error', reject);
      request.end(body);
    });
  };
`;

const role = {
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: lambdaTrust(), Policies: [writeAll()] },
};

function lambdaTrust(): JsonObject {
  const principal = { Service: 'lambda.amazonaws.com' };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] };
}

function writeAll(): JsonObject {
  const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
  return { PolicyName: 'write', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } };
}

function lambdaFunction(runtime: string, code: string, more: JsonObject = {}): JsonObject {
  const properties = { Runtime: runtime, Handler: 'index.handler', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } };
  return { Type: 'AWS::Lambda::Function', Properties: { ...properties, Code: { ZipFile: code }, ...more } };
}

const handlerArn = { 'Fn::GetAtt': ['Handler', 'Arn'] };

/** A stack with the handler, and a custom resource with these properties if there are any. */
function thing(properties?: JsonObject, type = 'Custom::Thing'): JsonObject {
  const custom = { Type: type, DependsOn: 'Seen', Properties: { ServiceToken: handlerArn, ...properties } };
  return {
    Resources: {
      Seen: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'seen' } },
      Role: role,
      Handler: lambdaFunction('nodejs22.x', handler),
      ...(properties && { Thing: custom }),
    },
    Outputs: properties
      ? { Id: { Value: { Ref: 'Thing' } }, Upper: { Value: { 'Fn::GetAtt': ['Thing', 'Upper'] } } }
      : {},
  };
}

function synthesize(template: JsonObject): string {
  const app = join(folder, 'cdk.out');
  mkdirSync(app, { recursive: true });
  const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'App.json' } };
  writeFileSync(join(app, 'manifest.json'), JSON.stringify({ version: '1.0', artifacts: { App: stack } }));
  writeFileSync(join(app, 'App.json'), JSON.stringify(template));
  return app;
}

async function start(template: JsonObject): Promise<LocalCloud> {
  const report = (line: string): void => void reported.push(line);
  cloud = await startLocalCloud({ app: synthesize(template), folder: join(folder, '.slipway'), report });
  return cloud;
}

/** An event that the handler has kept. */
async function seen(of: LocalCloud, key: string): Promise<Record<string, unknown>> {
  const credentials = { ...of.credentials };
  const s3 = new S3({ endpoint: of.endpoint, region: of.region, credentials, forcePathStyle: true });
  const { Body: body } = await s3.getObject({ Bucket: 'seen', Key: key });
  return JSON.parse((await body?.transformToString()) ?? '') as Record<string, unknown>; // written by the handler above
}

describe('a custom resource', () => {
  it('[cloudformation.custom-resource.create] is created by its function, whose data are its attributes', async () => {
    const running = await start(thing({ Value: 'one', Count: 3, Nested: [{ On: true }] }));

    expect(running.outputs('App')).toEqual({ Id: 'thing-1', Upper: 'ONE' });
    expect(await seen(running, 'Create-one')).toEqual({
      RequestType: 'Create',
      ServiceToken: expect.stringMatching(/^arn:aws:lambda:us-east-1:123456789012:function:App-Handler-/),
      ResponseURL: expect.stringMatching(`^${running.endpoint}/_cloudformation/answers/[\\w-]{32}$`),
      StackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/App\//),
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      LogicalResourceId: 'Thing',
      ResourceType: 'Custom::Thing',
      ResourceProperties: expect.objectContaining({ Value: 'one', Count: '3', Nested: [{ On: 'true' }] }),
    });
  });

  it('[cloudformation.custom-resource.update] is updated with what it was before', async () => {
    const running = await start(thing({ Value: 'one' }, 'AWS::CloudFormation::CustomResource'));
    await running.apply(synthesize(thing({ Value: 'two' }, 'AWS::CloudFormation::CustomResource')));

    expect(running.outputs('App')).toEqual({ Id: 'thing-1', Upper: 'TWO' });
    expect(await seen(running, 'Update-two')).toMatchObject({
      ResourceType: 'AWS::CloudFormation::CustomResource',
      PhysicalResourceId: 'thing-1',
      OldResourceProperties: { Value: 'one' },
    });
    await expect(seen(running, 'Delete-one')).rejects.toThrow();
  });

  it('[cloudformation.custom-resource.replace] is replaced when its physical id changes: the old one is deleted', async () => {
    const running = await start(thing({ Value: 'one' }));
    const outcomes = await running.apply(synthesize(thing({ Value: 'two', Id: 'thing-2' })));

    expect(outcomes.filter(({ did }) => did !== 'unchanged').map(({ did }) => did)).toEqual(['replace', 'delete']);
    expect(running.outputs('App')['Id']).toBe('thing-2');
    expect(await seen(running, 'Delete-one')).toMatchObject({ PhysicalResourceId: 'thing-1' });
  });

  it('[cloudformation.custom-resource.delete] is deleted before its function when both leave the template', async () => {
    const running = await start(thing({ Value: 'one' }));
    const { Resources: resources } = thing() as { Resources: Record<string, JsonObject> };
    delete resources['Handler'];
    await running.apply(synthesize({ Resources: resources }));

    expect(await seen(running, 'Delete-one')).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'thing-1' });
    expect(reported.join('\n')).not.toContain('was not deleted');
  });

  it('does nothing when nothing has changed', async () => {
    await start(thing({ Value: 'one' }));
    await cloud?.stop();
    const running = await start(thing({ Value: 'one' }));
    expect(running.outputs('App')['Id']).toBe('thing-1');
    expect(reported.filter((line) => line.startsWith('stack ')).at(-1)).toMatch(/^stack App: \d+ unchanged$/);
  });

  it('that cannot be deleted stays behind, is named, and does not stop the apply', async () => {
    const running = await start(thing({ Value: 'one', Throws: 'Delete' }));
    await running.apply(synthesize(thing()));

    expect(await seen(running, 'Delete-one')).toMatchObject({ PhysicalResourceId: 'thing-1' });
    expect(reported.join('\n')).toMatch(/stack App, Thing \(Custom::Thing\) was not deleted: .*Error: no such thing/);
    await expect(running.apply(synthesize(thing()))).resolves.not.toContainEqual(
      expect.objectContaining({ logicalId: 'Thing' }),
    );
  });
});

describe('an answer', () => {
  it('[cloudformation.custom-resource.answer] is taken once, and from whoever knows its URL', async () => {
    const running = await start(thing({ Value: 'one' }));
    const { ResponseURL: url } = await seen(running, 'Create-one');
    const again = await fetch(String(url), { method: 'PUT', body: '{}' });
    const read = await fetch(String(url));
    expect([again.status, read.status]).toEqual([403, 405]);
  });

  it.each([
    [
      { Status: 'FAILED', Reason: 'out of things' },
      /Received response status \[FAILED\].*Message returned: out of things/,
    ],
    [{ Status: 'FAILED' }, /Vendor response doesn't contain Reason key/],
    [{ Id: '' }, /PhysicalResourceId/],
    [{ Garbled: 'yes' }, /Response is not valid JSON/],
    [{ Garbled: '{"Status":"SUCCESS","StackId":"s","RequestId":"r"}' }, /doesn't contain LogicalResourceId key/],
    [{ Extra: 'x'.repeat(4096) }, /Response object is too long/],
    [{ Throws: 'Create' }, /the function App-Handler-\w+ failed before it answered: Error: no such thing/],
    [{ Silent: 'yes', ServiceTimeout: 1 }, /ended without an answer at its ResponseURL, and none came in 1 s/],
    [{ ServiceToken: 'arn:aws:sns:us-east-1:123456789012:topic' }, /ServiceToken must be the ARN of a Lambda function/],
  ] as [JsonObject, RegExp][])(
    '[cloudformation.custom-resource.failure] %j stops the apply by the logical id and the reason',
    async (properties, reason) => {
      const refusal = start(thing({ Value: 'one', ...properties }));
      await expect(refusal).rejects.toThrow(reason);
      await expect(refusal).rejects.toThrow(/^stack App, Thing \(Custom::Thing\): /);
    },
  );
});

it.each([
  ['Custom::S3BucketNotifications', 'its handler is in Python'],
  ['Custom::CDKBucketDeployment', 'its handler is in Python'],
  ['Custom::LogRetention', 'are kept until it is reset'],
])(
  '[cloudformation.custom-resource.recorded] %s is recorded only, with its function and the reason',
  async (type, reason) => {
    const layer = { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Bucket: 'b', S3Key: 'k' } } };
    const running = await start({
      Resources: {
        Role: role,
        Layer: layer,
        Handler: lambdaFunction('python3.13', 'def handler(event, context): pass', { Layers: [{ Ref: 'Layer' }] }),
        Helper: { Type: type, Properties: { ServiceToken: handlerArn, DestinationBucketName: 'site' } },
      },
      Outputs: { Id: { Value: { Ref: 'Helper' } } },
    });

    expect(running.outputs('App')['Id']).toMatch(/^App-Helper-/);
    const recorded = reported.find((line) => line.startsWith('recorded only')) ?? '';
    expect(recorded).toMatch(new RegExp(`${type} \\([^)]*${reason}`));
    expect(recorded).toContain('AWS::Lambda::Function (the handler of a resource that is recorded only)');
  },
);

it("refuses a Python function of the app's own", async () => {
  const template = {
    Resources: { Role: role, Own: lambdaFunction('python3.13', 'def handler(event, context): pass') },
  };
  await expect(start(template)).rejects.toThrow(/App, Own .*python3.13 .*not supported locally/);
});
