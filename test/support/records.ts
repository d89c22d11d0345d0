import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { readEntries, type LogEntry } from '../../shared/state/event-log.ts';
import type { Installation } from './installation.ts';

/** Everything in Slipway's one table, as DynamoDB answers it. */
export async function scanTable({ aws }: Installation): Promise<readonly unknown[]> {
  const client = new DynamoDBClient(aws);
  const items: unknown[] = [];
  for await (const page of paginateScan({ client }, { TableName: await tableName(client) }))
    items.push(...(page.Items ?? []));
  return items;
}

/** A release's log with its chain of hashes. */
export async function readLog({ aws }: Installation, releaseId: string): Promise<readonly LogEntry[]> {
  const client = new DynamoDBClient(aws);
  return readEntries(tableStore(await tableName(client), client), releaseId, { after: 0, limit: 1000 });
}

async function tableName(client: DynamoDBClient): Promise<string> {
  const { TableNames: [name] = [] } = await client.send(new ListTablesCommand({}));
  if (name === undefined) throw new Error('the installation has no table');
  return name;
}

/** The lines that functions have written themselves, without Lambda's own START, END and REPORT. */
export function functionLog(folder: string, nameHolds: string): readonly Readonly<Record<string, unknown>>[] {
  return logLines(folder, nameHolds)
    .map((line) => line.split('\t')[2] ?? '')
    .filter((message) => message.startsWith('{'))
    .map((message) => JSON.parse(message) as Readonly<Record<string, unknown>>); // the logger writes objects
}

/** How often functions have been invoked. */
export function invocationCount(folder: string, nameHolds: string): number {
  return logLines(folder, nameHolds).filter((line) => line.split('\t')[2]?.startsWith('START ')).length;
}

function logLines(folder: string, nameHolds: string): string[] {
  const logs = join(folder, 'logs');
  return readdirSync(logs)
    .filter((file) => file.includes(nameHolds))
    .flatMap((file) => readFileSync(join(logs, file), 'utf8').split('\n'));
}
