import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLocalCloud } from '../../../../local/cloud.ts';
import { openDynamoDb } from '../../../../local/services/dynamodb/service.ts';
import { randomOf } from '../../bad-input/random.ts';
import { ask, isSame, type Answer } from './answer.ts';
import { startDynoxide, whyNoOracle } from './dynoxide.ts';
import { knownDifference } from './known-differences.ts';
import { operation, tables, type Operation } from './operations.ts';

const seed = Number(process.env['ORACLE_SEED'] ?? 20_260_105);
const operationCount = Number(process.env['ORACLE_COUNT'] ?? 2_500);

async function startOurs(): Promise<DynamoDB> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-oracle-'));
  const clock = { kind: 'virtual', startMs: Date.UTC(2026, 0, 5, 9) } as const;
  const cloud = await startLocalCloud({ folder, clock, services: [openDynamoDb], report: () => undefined });
  onTestFinished(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { endpoint, region, credentials } = cloud;
  return new DynamoDB({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 });
}

describe.skipIf(whyNoOracle !== undefined)(`the local DynamoDB beside dynoxide (${whyNoOracle ?? 'here'})`, () => {
  it('[dynamodb.oracle] answers thousands of generated operations alike', { timeout: 120_000 }, async () => {
    const ours = await startOurs();
    const { db: theirs, stop } = await startDynoxide();
    onTestFinished(stop);
    for (const table of tables) for (const db of [ours, theirs]) await db.createTable(structuredClone(table) as never);
    const random = randomOf(seed);
    const differences: string[] = [];
    const counts = { same: 0, refused: 0, known: 0 };
    for (let index = 0; index < operationCount && differences.length < 300; index++) {
      const made = operation(random);
      const [our, their] = await Promise.all([ask(ours, made), ask(theirs, made)]);
      if (isSame(our, their)) {
        counts.same++;
        if ('error' in our) counts.refused++;
        continue;
      }
      if (knownDifference(made, our, their) !== undefined) counts.known++;
      else differences.push(describeDifference(index, made, our, their));
      if ('output' in our || 'output' in their) await copyTables(ours, theirs);
    }
    const said = `seed ${seed} (ORACLE_SEED repeats it)`;
    expect(differences, said).toEqual([]);
    expect(counts.same, said).toBeGreaterThan(2_000);
    expect(counts.refused, said).toBeGreaterThan(200);
    expect(counts.same - counts.refused, said).toBeGreaterThan(1_000);
  });
});

function describeDifference(index: number, { name, input }: Operation, our: Answer, their: Answer): string {
  const show = (answer: Answer): string => JSON.stringify('error' in answer ? answer : answer.output);
  return `operation ${index}: ${name} ${JSON.stringify(input)}\n  ours: ${show(our)}\n  theirs: ${show(their)}`;
}

/** After a difference both go on from our state, so that one is not counted a hundred times. */
async function copyTables(from: DynamoDB, to: DynamoDB): Promise<void> {
  for (const { TableName, KeySchema } of tables) {
    const names = KeySchema.map(({ AttributeName }) => AttributeName);
    const { Items: there = [] } = await to.scan({ TableName });
    for (const item of there) {
      await to.deleteItem({ TableName, Key: Object.fromEntries(names.map((name) => [name, item[name]])) as never });
    }
    const { Items = [] } = await from.scan({ TableName });
    for (const Item of Items) await to.putItem({ TableName, Item });
  }
}
