import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaHandler, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';

// CDK's own validation of templates is not what is tested here, and slow.
process.env['CDK_VALIDATION'] = 'false';

let folder: string;
let reported: string[];
let cloud: LocalCloud | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-app-'));
  reported = [];
});
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Two stacks: a table; a function that writes what a rule sends it into the table. */
function synthesize(name: string, pattern: string): string {
  const code = join(folder, 'code');
  bundleHandler(code);
  const app = new App({ outdir: join(folder, name), analyticsReporting: false });
  const data = new Stack(app, 'Data');
  const table = new TableV2(data, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
  const engine = new Stack(app, 'Engine');
  const handler = new LambdaHandler(engine, 'Write', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    timeout: Duration.seconds(20),
    environment: { TABLE: table.tableName },
    logGroup: new LogGroup(engine, 'Logs'),
  });
  table.grantWriteData(handler);
  const bus = new EventBus(engine, 'Bus', { eventBusName: 'releases' });
  const rule = new Rule(engine, 'Rule', { eventBus: bus, eventPattern: { source: [pattern] } });
  rule.addTarget(new LambdaFunction(handler));
  new StringParameter(engine, 'Parameter', { parameterName: '/bus', stringValue: bus.eventBusArn });
  new CfnOutput(engine, 'Table', { value: table.tableName });
  app.synth();
  return join(folder, name);
}

const handlerSource = `
  import { DynamoDB } from '@aws-sdk/client-dynamodb';
  export const handler = (event) =>
    new DynamoDB({}).putItem({ TableName: process.env.TABLE, Item: { pk: { S: event.detail.key } } });
`;

function bundleHandler(code: string): void {
  const stdin = { contents: handlerSource, resolveDir: process.cwd() };
  buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile: join(code, 'index.js') });
}

function start(app: string): Promise<LocalCloud> {
  const report = (line: string): void => void reported.push(line);
  return startLocalCloud({ app, folder: join(folder, '.slipway'), report });
}

async function send(to: LocalCloud, source: string, key: string): Promise<void> {
  const entry = { EventBusName: 'releases', Source: source, DetailType: 'x', Detail: JSON.stringify({ key }) };
  await to.call('events', 'PutEvents', { Entries: [entry] });
  await to.settled();
}

async function keys(of: LocalCloud): Promise<unknown[]> {
  // DynamoDB's answer to a scan.
  const { Items: items } = (await of.call('dynamodb', 'Scan', { TableName: of.outputs('Engine')['Table'] })) as {
    Items: { pk: { S: string } }[];
  };
  return items.map(({ pk }) => pk.S).toSorted();
}

it('runs what CDK synthesized: an event reaches a function, which reaches a table', async () => {
  cloud = await start(synthesize('one', 'slipway'));
  await send(cloud, 'slipway', 'a');
  await send(cloud, 'other', 'b');
  expect(await keys(cloud)).toEqual(['a']);
  expect(reported[1]).toMatch(/^stack Engine: \d+ created/);
  expect(reported.find((line) => line.startsWith('recorded only'))).not.toContain('AWS::IAM');
});

it('changes nothing at the next start, and only what another synth changed', async () => {
  cloud = await start(synthesize('one', 'slipway'));
  await send(cloud, 'slipway', 'a');
  await cloud.stop();
  reported = [];
  cloud = await start(join(folder, 'one'));
  expect(reported.slice(0, 2)).toEqual([
    'stack Data: 1 unchanged',
    expect.stringMatching(/^stack Engine: \d+ unchanged$/),
  ]);
  const outcomes = await cloud.apply(synthesize('two', 'another'));
  const changed = outcomes.filter(({ did }) => did !== 'unchanged').map(({ type, did }) => [type, did]);
  // The code lies in another folder now; its content is the same.
  expect(changed).toEqual([
    ['AWS::Lambda::Function', 'update'],
    ['AWS::Events::Rule', 'update'],
  ]);
  await send(cloud, 'another', 'b');
  expect(await keys(cloud)).toEqual(['a', 'b']);
});
