import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLocalCloud, type LocalCloud, type LocalCloudOptions } from '../../../local/cloud.ts';
import { LocalCloudError } from '../../../local/errors.ts';

let folder: string;
let running: LocalCloud[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-cloud-'));
  running = [];
});
afterEach(async () => {
  for (const cloud of running) await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const cloud = await startLocalCloud({ folder, report: () => undefined, services: [], ...options });
  running.push(cloud);
  return cloud;
}

function client(cloud: LocalCloud): EventBridge {
  return new EventBridge({ endpoint: cloud.endpoint, region: cloud.region, credentials: { ...cloud.credentials } });
}

describe('starting a local cloud', () => {
  it('answers SDK clients on its port', async () => {
    const cloud = await start();
    const { EventBuses: buses } = await client(cloud).listEventBuses({});
    expect(buses?.map(({ Name: name }) => name)).toEqual(['default']);
    expect(cloud.environment).toMatchObject({
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
    });
  });

  it('keeps port, keys and state of its folder', async () => {
    const first = await start();
    await client(first).createEventBus({ Name: 'releases' });
    await first.stop();
    const second = await start();
    expect([second.port, second.credentials]).toEqual([first.port, first.credentials]);
    expect(await client(second).describeEventBus({ Name: 'releases' })).toMatchObject({ Name: 'releases' });
  });

  it('[clock.virtual.kept] runs virtual time on from where it stood', async () => {
    const clock = { kind: 'virtual', startMs: Date.UTC(2026, 0, 5) } as const;
    const first = await start({ clock });
    await first.advance('1h');
    await first.stop();
    await expect(first.advance('1h')).rejects.toThrow('the local cloud has been stopped');
    const second = await start({ clock });
    await second.call('events', 'CreateEventBus', { Name: 'later' });
    const bus = await client(second).describeEventBus({ Name: 'later' });
    expect(bus.CreationTime?.toISOString()).toBe('2026-01-05T01:00:00.000Z');
  });

  it("[clock.behind] says when the machine's time is behind the folder's", async () => {
    const nextYearMs = Date.now() + 365 * 86_400_000;
    await (await start({ clock: { kind: 'virtual', startMs: nextYearMs } })).stop();
    const reported: string[] = [];
    const report = (line: string): void => void reported.push(line);
    await (await start({ report })).stop();
    expect(reported).toEqual([expect.stringMatching(/^time in this folder had run ahead to 20.*; reset it to begin/)]);
    await start({ report });
    expect(reported).toHaveLength(1);
  });

  it('forgets everything when it is reset', async () => {
    const first = await start();
    await client(first).createEventBus({ Name: 'releases' });
    await first.stop();
    const second = await start({ reset: true });
    await expect(client(second).describeEventBus({ Name: 'releases' })).rejects.toThrow('does not exist');
  });

  it('resets nothing while another process holds the folder', async () => {
    const first = await start();
    await client(first).createEventBus({ Name: 'releases' });
    await expect(start({ reset: true })).rejects.toThrow('is held by');
    expect(await client(first).describeEventBus({ Name: 'releases' })).toMatchObject({ Name: 'releases' });
  });

  it('lets nobody else on this machine read its files', async () => {
    await start();
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o077]);
    expect(modes.filter(([, others]) => others !== 0)).toEqual([]);
  });

  it('can be stopped twice', async () => {
    const cloud = await start();
    await cloud.stop();
    await expect(cloud.stop()).resolves.toBeUndefined();
  });
});

describe('refusing to start', () => {
  it('says who holds the folder', async () => {
    const first = await start();
    const holder = `is held by process ${process.pid}, on port ${first.port}, since 20`;
    await expect(start()).rejects.toThrow(holder);
  });

  it('says which port is taken, and leaves the folder free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(start({ port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
    other.close();
    await expect(start()).resolves.toBeDefined();
  });

  it('says that the folder cannot be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(start({ folder: join(file, 'below') })).rejects.toThrow(/the folder .* cannot be written/);
  });

  it('refuses a store of a newer version', async () => {
    await (await start()).stop();
    const database = new DatabaseSync(join(folder, 'cloud.sqlite'));
    database.exec("UPDATE store_migrations SET steps = 99 WHERE service = 'events'");
    database.close();
    const refusal = start();
    await expect(refusal).rejects.toBeInstanceOf(LocalCloudError);
    await expect(refusal).rejects.toThrow('a newer version wrote the store (its tables of events');
  });

  it('refuses another account in the same folder', async () => {
    await (await start()).stop();
    await expect(start({ account: '210987654321' })).rejects.toThrow(
      'a cloud of account and region 123456789012/us-east-1',
    );
  });

  it('names the stacks there are when outputs of another are asked for', async () => {
    const cloud = await start();
    expect(() => cloud.outputs('Engine')).toThrow('there is no stack Engine');
  });
});

describe('a killed process', () => {
  it('leaves the folder free for the next', async () => {
    const port = await startAndKill(`console.log(cloud.port)`);
    const cloud = await start();
    expect(cloud.port).toBe(Number(port));
    expect(await client(cloud).describeEventBus({ Name: 'kept' })).toMatchObject({ Name: 'kept' });
  });

  it('does not turn faster time back', async () => {
    const clock = { kind: 'scaled', speed: 36_000 } as const;
    // Half a second is five hours, of which nothing was written down since.
    await startAndKill(
      `setTimeout(async () => {
        await cloud.call('events', 'CreateEventBus', { Name: 'late' });
        console.log('made');
      }, 500)`,
      clock,
    );
    const cloud = await start({ clock });
    await cloud.call('events', 'CreateEventBus', { Name: 'later' });
    const madeAt = async (name: string): Promise<number> =>
      Number((await client(cloud).describeEventBus({ Name: name })).CreationTime);
    expect(await madeAt('later')).toBeGreaterThanOrEqual(await madeAt('late'));
  });

  /** Runs a cloud in a process of its own until it prints something. */
  async function startAndKill(then: string, clock: LocalCloudOptions['clock'] = { kind: 'real' }): Promise<string> {
    const options = JSON.stringify({ folder, services: [], clock });
    const script = `
      import { startLocalCloud } from ${JSON.stringify(new URL('../../../local/cloud.ts', import.meta.url).href)};
      const cloud = await startLocalCloud({ ...${options}, report: () => undefined });
      await cloud.call('events', 'CreateEventBus', { Name: 'kept' });
      ${then};
      setInterval(() => undefined, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    return String(line);
  }
});
