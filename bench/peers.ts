import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQS } from '@aws-sdk/client-sqs';
import { median, percentile, type Bench, type Table } from './bench.ts';
import { startServer, type ServerProcess } from './server-process.ts';
import { stackName, synthesize } from './synthesize.ts';
import { buildWorkflow } from './workflow/stack.ts';

/** The local cloud beside a stack of other local servers, on one whole workflow. */
export const peers: Bench = {
  name: 'peers',
  question: 'how many runs of one workflow a second, beside a stack glued from other local servers?',
  run: measurePeers,
};

const rounds = 7;
/** Each thread and process learns for itself what it runs often. */
const warmUpRounds = 3;
const runsARound = 24;
const runsAtOnce = 8;
const askedRatio = 1.5;
const folderOfPeers = join(import.meta.dirname, 'peers');

async function measurePeers(): Promise<Table> {
  if (!existsSync(join(folderOfPeers, 'node_modules', 'fauxqs'))) {
    const notes = ['The peers are not installed: run `npm ci --prefix bench/peers`, then this bench again.'];
    return { columns: ['not measured'], rows: [], notes };
  }
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const app = synthesize(folder, (stack) => buildWorkflow(stack, folder));
    await using glued = await startServer('../peers/glue.mjs');
    await using cloud = await startServer('cloud.ts', [join(folder, '.slipway'), app, stackName]);
    return tableOf(await compare(sideOf(glued), sideOf(cloud)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measurements of one side, a value for each round or webhook. */
interface Measured {
  readonly rates: number[];
  readonly webhookMs: number[];
  /** Of all processors, for one run. */
  readonly processorMs: number[];
}

const nothing = (): Measured => ({ rates: [], webhookMs: [], processorMs: [] });

async function compare(glued: Side, ours: Side): Promise<{ glued: Measured; ours: Measured }> {
  const measured = { glued: nothing(), ours: nothing() };
  // In turn, so that a busy moment hits both.
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    for (const [side, into] of [
      [glued, measured.glued],
      [ours, measured.ours],
    ] as const) {
      await measureRound(side, round, round < warmUpRounds ? nothing() : into);
    }
  }
  return measured;
}

interface Side {
  readonly sqs: SQS;
  readonly queueUrl: string;
  readonly startUrl: string;
  processorMs(): number;
}

function sideOf({ place, processorMs }: ServerProcess): Side {
  const { endpoint, region, credentials, outputs } = place;
  const { queueUrl = '', startUrl = '' } = outputs;
  return { sqs: new SQS({ endpoint, region, credentials }), queueUrl, startUrl, processorMs };
}

/** Keeps some runs under way until all have ended. A run has ended when its last message is in the queue. */
async function measureRound(side: Side, round: number, { rates, webhookMs, processorMs }: Measured): Promise<void> {
  const [beganMs, usedMs] = [performance.now(), side.processorMs()];
  let begunCount = 0;
  const begin = async (): Promise<void> => {
    if (begunCount >= runsARound) return;
    begunCount += 1;
    webhookMs.push(await webhook(side, `run-${round}-${begunCount}`));
  };
  await Promise.all(Array.from({ length: runsAtOnce }, begin));
  for (let endedCount = 0; endedCount < runsARound;) {
    const ended = await receiveEnds(side);
    endedCount += ended;
    await Promise.all(Array.from({ length: ended }, begin));
  }
  rates.push((runsARound * 1000) / (performance.now() - beganMs));
  processorMs.push((side.processorMs() - usedMs) / runsARound);
}

async function webhook({ startUrl }: Side, run: string): Promise<number> {
  const beganMs = performance.now();
  const response = await fetch(startUrl, { method: 'POST', body: JSON.stringify({ run }) });
  if (response.status !== 202) throw new Error(`the webhook answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
  return performance.now() - beganMs;
}

async function receiveEnds({ sqs, queueUrl: QueueUrl }: Side): Promise<number> {
  const { Messages: messages = [] } = await sqs.receiveMessage({
    QueueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 1,
  });
  if (messages.length === 0) return 0;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.deleteMessageBatch({ QueueUrl, Entries });
  // Written by step.ts.
  return messages.filter(({ Body: body = '' }) => (JSON.parse(body) as { step: number }).step === 9).length;
}

function tableOf({ glued, ours }: { glued: Measured; ours: Measured }): Table {
  const ratio = median(ours.rates.map((rate, round) => rate / (glued.rates[round] ?? Number.NaN)));
  const row = (what: string, { rates, webhookMs, processorMs }: Measured): (string | number)[] => [
    what,
    median(rates).toFixed(1),
    percentile(webhookMs, 0.5).toFixed(1),
    percentile(webhookMs, 0.99).toFixed(1),
    median(processorMs).toFixed(1),
  ];
  return {
    columns: ['stack', 'runs a second', 'webhook median ms', 'webhook p99 ms', 'processor ms a run'],
    rows: [row('glued, in memory', glued), row('local cloud, durable', ours)],
    notes: [
      `Runs a second: ${ratio.toFixed(2)} times the glued stack's; at least ${askedRatio} are asked, and a p99 that is no worse.`,
      `The median of ${rounds} rounds of ${runsARound} runs, ${runsAtOnce} at once, in turn, after ${warmUpRounds} rounds to warm up.`,
      `The glued stack uses one processor, the local cloud all ${availableParallelism()}; what is not the same is in peers/README.md.`,
      'A run: 30 states, 10 calls of a function, 20 writes, 3 messages. The webhook answers when the workflow has started.',
    ],
  };
}
