import { readdirSync } from 'node:fs';
import type { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StatementSync } from 'node:sqlite';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordJsonServices } from './corpus/json-services.ts';
import { recordRunningServices } from './corpus/running-services.ts';
import { recordXmlServices } from './corpus/xml-services.ts';
import { sendRaw } from './raw-client.ts';
import { recorder } from './record.ts';
import { watchStore } from './store-changes.ts';
import { wireOf } from './wire.ts';
import { openWorld, type World } from './world.ts';

const disk = vi.hoisted(() => ({ isFull: false }));

/** Files that take the first half of what is written and then no more, as those of a full disk do. */
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<{ open: typeof openFile }>();
  const open: typeof openFile = async (...args) => {
    const file = await original.open(...args);
    if (!disk.isFull) return file;
    const write = file.writeFile.bind(file);
    return Object.assign(file, {
      async writeFile(data: Uint8Array) {
        await write(data.subarray(0, data.length >> 1));
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      },
    });
  };
  return { ...original, open };
});

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  disk.isFull = false;
  await world.close();
});

const sentence = 'the disk is full; free some space, and the local cloud goes on by itself';

function fillDisk(): void {
  const { db } = world.context.store;
  const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
  db.exec(`CREATE TABLE IF NOT EXISTS filler (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT`);
  db.exec(`PRAGMA max_page_count = ${pages + 4}`);
  // Large rows take what pages are left, small ones what is left in them.
  for (const bytes of [3_000, 200, 1]) {
    const insert = db.prepare('INSERT INTO filler (bytes) VALUES (zeroblob(?))');
    expect(() => {
      for (;;) insert.run(bytes);
    }).toThrow('full');
  }
}

function freeDisk(): void {
  world.context.store.db.exec('PRAGMA max_page_count = 1073741823; DROP TABLE filler');
}

/** A disk without a byte left: no commit succeeds, neither a transaction's nor that of a statement of its own. */
function refuseCommits(): () => void {
  const { db } = world.context.store;
  const full = (): Error =>
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  const exec = db.exec.bind(db);
  const commits = vi.spyOn(db, 'exec').mockImplementation((sql) => {
    if (sql === 'COMMIT') throw full();
    exec(sql);
  });
  // The original is called with the statement as its `this`.
  const run = StatementSync.prototype.run;
  const runs = vi.spyOn(StatementSync.prototype, 'run').mockImplementation(function (this: StatementSync, ...args) {
    if (!db.isTransaction) throw full();
    return run.apply(this, args);
  });
  return () => {
    commits.mockRestore();
    runs.mockRestore();
  };
}

function options(maxAttempts = 1) {
  const { endpoint, region, credentials } = world.cloud;
  return { endpoint, region, credentials: { ...credentials }, maxAttempts, forcePathStyle: true };
}

const large = 'x'.repeat(100_000);

describe('a full disk', () => {
  it('[gateway.full-disk] is said in one sentence to caller and person, and writes nothing by halves', async () => {
    const db = new DynamoDB(options());
    await db.createTable({
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    });
    fillDisk();
    const put = (pk: string) => ({ Put: { TableName: 'things', Item: { pk: { S: pk }, text: { S: large } } } });
    await expect(db.transactWriteItems({ TransactItems: [put('a'), put('b')] })).rejects.toMatchObject({
      ...{ name: 'ServiceUnavailable', message: sentence, $metadata: { httpStatusCode: 503 } },
    });
    expect(world.reported.at(-1)).toBe(`dynamodb:TransactWriteItems failed: ${sentence}`);
    expect((await db.scan({ TableName: 'things' })).Count).toBe(0);
    freeDisk();
    await db.transactWriteItems({ TransactItems: [put('a'), put('b')] });
    expect((await db.scan({ TableName: 'things' })).Count).toBe(2);
  });

  it('leaves every service as it was, and each goes on once there is space', async () => {
    const made = recorder(world);
    await recordXmlServices(made);
    await recordJsonServices(made);
    await recordRunningServices(made);
    await world.cloud.settled();
    const signer = { ...world.cloud.credentials, port: world.cloud.port };
    const send = async (request: (typeof made.requests)[number]) =>
      sendRaw({ port: world.cloud.port, ...wireOf(request, signer), boundMs: 10_000 });
    const statuses = async () => {
      const counts: Record<string, number> = {};
      for (const request of made.requests) {
        const watch = watchStore(world.context.store.db);
        const { status = 0, body } = await send(request);
        const changed = watch.end().filter((table) => table !== 'cloud_settings');
        if (status === 503) expect([body.includes(sentence), changed], request.operation).toEqual([true, []]);
        else expect(status === 501 || status < 500, `${request.operation}: ${status} ${body}`).toBe(true);
        counts[status] = (counts[status] ?? 0) + 1;
      }
      return counts;
    };
    const before = await statuses();
    const free = refuseCommits();
    const full = await statuses();
    expect(full['503']).toBeGreaterThan(50);
    free();
    await world.cloud.advance('1h');
    const after = await statuses();
    expect(after['503']).toBeUndefined();
    expect(after['200']).toBeGreaterThan((before['200'] ?? 0) - 5);
  });

  it('keeps what was acknowledged before, and delivers it once there is space', async () => {
    const sqs = new SQS(options());
    const { QueueUrl } = await sqs.getQueueUrl({ QueueName: 'work' });
    await world.cloud.call('events', 'PutRule', { Name: 'all', EventPattern: '{"source":["slipway"]}' });
    const target = { Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:123456789012:work' };
    await world.cloud.call('events', 'PutTargets', { Rule: 'all', Targets: [target] });
    const entry = { Source: 'slipway', DetailType: 'x', Detail: JSON.stringify({ large }) };
    // The event is stored and acknowledged; its delivery needs space that is gone by then.
    await world.cloud.call('events', 'PutEvents', { Entries: [entry] });
    const free = refuseCommits();
    await world.cloud.settled();
    expect(world.reported.filter((line) => /^timer events\..* failed/.test(line)).at(-1)).toContain(sentence);
    free();
    await vi.waitFor(
      async () => {
        await world.cloud.advance('10m');
        const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, VisibilityTimeout: 0 });
        expect(Messages).toHaveLength(1);
      },
      { timeout: 10_000, interval: 200 },
    );
  });

  it('refuses an S3 object whose body does not fit, and keeps the one that was there', async () => {
    const s3 = new S3(options());
    await s3.createBucket({ Bucket: 'artifacts' });
    await s3.putObject({ Bucket: 'artifacts', Key: 'a', Body: 'old' });
    disk.isFull = true;
    await expect(s3.putObject({ Bucket: 'artifacts', Key: 'a', Body: large })).rejects.toMatchObject({
      ...{ name: 'ServiceUnavailable', message: sentence, $metadata: { httpStatusCode: 503 } },
    });
    disk.isFull = false;
    const { Body } = await s3.getObject({ Bucket: 'artifacts', Key: 'a' });
    expect(await Body?.transformToString()).toBe('old');
    expect(readdirSync(join(world.context.folder, 's3', 'incoming'))).toEqual([]);
    await s3.putObject({ Bucket: 'artifacts', Key: 'a', Body: large });
    expect((await s3.headObject({ Bucket: 'artifacts', Key: 'a' })).ContentLength).toBe(large.length);
  });
});
