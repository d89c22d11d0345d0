import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SFN } from '@aws-sdk/client-sfn';
import { SQS } from '@aws-sdk/client-sqs';
import type { Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { median, type Bench, type Table } from './bench.ts';
import { startServer, type ServerPlace } from './server-process.ts';
import { stackName, synthesize } from './synthesize.ts';

/** How many SDK calls a second the local cloud answers, beside a server that only parses and writes the JSON. */
export const calls: Bench = {
  name: 'calls',
  question: 'how many SDK calls a second does the local cloud answer, beside a bare JSON server?',
  run: measureCalls,
};

const rounds = 15;
const callsARound = 300;
const callsAtOnce = 8;
const asked = 0.6;

async function measureCalls(): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    await using echo = await startServer('echo.ts');
    await using cloud = await startServer('cloud.ts', [join(folder, '.slipway'), synthesize(folder, build), stackName]);
    const ours = clientsOf(cloud.place);
    const bare = clientsOf(echo.place);
    const names = await prepare(ours, cloud.place.outputs);
    const rows: (string | number)[][] = [];
    for (const [name, call] of Object.entries(callsOf(names))) {
      rows.push([
        name,
        ...(await compare(
          (index) => call(bare, index),
          (index) => call(ours, index),
        )),
        asked,
      ]);
    }
    return {
      columns: ['call', 'bare server a second', 'local cloud a second', 'ratio', 'asked'],
      rows,
      notes: [
        `The median of ${rounds} rounds of ${callsARound} calls, ${callsAtOnce} at once, through one SDK client in another process.`,
        'The bare server is node:http: it reads the body, parses it, writes it as JSON, and checks nothing.',
        'The local cloud checks the signature, the input and permissions, and writes durably.',
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Call = (index: number) => Promise<unknown>;

/** Both rates, and ours as a part of the other. */
async function compare(bare: Call, ours: Call): Promise<(string | number)[]> {
  const bareRates: number[] = [];
  const ourRates: number[] = [];
  // In turn, so that a busy moment hits both; the first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const rates = [await rate(bare), await rate(ours)] as const;
    if (round > 0) bareRates.push(rates[0]);
    if (round > 0) ourRates.push(rates[1]);
  }
  const ratio = median(ourRates.map((ourRate, round) => ourRate / (bareRates[round] ?? Number.NaN)));
  return [Math.round(median(bareRates)), Math.round(median(ourRates)), ratio.toFixed(2)];
}

interface Clients {
  readonly dynamodb: DynamoDB;
  readonly sqs: SQS;
  readonly sfn: SFN;
}

function clientsOf({ endpoint, region, credentials }: ServerPlace): Clients {
  const client = { endpoint, region, credentials, maxAttempts: 1 };
  return {
    dynamodb: new DynamoDB(client),
    // The bare server knows no checksum of messages.
    sqs: new SQS({ ...client, md5: false }),
    sfn: new SFN(client),
  };
}

interface Names {
  readonly tableName: string;
  readonly queueUrl: string;
  readonly executionArn: string;
}

function build(stack: Stack): Record<string, string> {
  const table = new TableV2(stack, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
  const queue = new Queue(stack, 'Queue');
  const machine = new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(new Succeed(stack, 'End')),
  });
  return { tableName: table.tableName, queueUrl: queue.queueUrl, machineArn: machine.stateMachineArn };
}

async function prepare({ dynamodb, sfn }: Clients, outputs: ServerPlace['outputs']): Promise<Names> {
  const { tableName = '', queueUrl = '', machineArn: stateMachineArn } = outputs;
  for (let index = 0; index < keyCount; index += 1) await putItem(dynamodb, tableName, index);
  const { executionArn = '' } = await sfn.startExecution({ stateMachineArn, input: '{"release":"r-1"}' });
  return { tableName, queueUrl, executionArn };
}

const keyCount = 200;

function callsOf({ tableName, queueUrl, executionArn }: Names) {
  return {
    'DynamoDB GetItem': ({ dynamodb }: Clients, index: number) =>
      dynamodb.getItem({ TableName: tableName, Key: { pk: { S: `release/${index % keyCount}` } } }),
    'DynamoDB PutItem': ({ dynamodb }: Clients, index: number) => putItem(dynamodb, tableName, index),
    'SQS SendMessage': ({ sqs }: Clients, index: number) =>
      sqs.sendMessage({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ release: `r-${index}`, state: 'succeeded' }),
      }),
    'Step Functions DescribeExecution': ({ sfn }: Clients) => sfn.describeExecution({ executionArn }),
  };
}

function putItem(dynamodb: DynamoDB, tableName: string, index: number): Promise<unknown> {
  return dynamodb.putItem({
    TableName: tableName,
    Item: {
      pk: { S: `release/${index % keyCount}` },
      service: { S: 'checkout' },
      attempt: { N: String(index) },
      stages: {
        L: ['Source', 'Verify', 'Deploy'].map((name) => ({ M: { name: { S: name }, isDone: { BOOL: true } } })),
      },
    },
  });
}

async function rate(call: Call): Promise<number> {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < callsARound) await call(begun++);
  };
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: callsAtOnce }, lane));
  return (callsARound * 1000) / (performance.now() - beganMs);
}
