import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLocalCloud } from '../../../local/cloud.ts';
import { LocalCloudError } from '../../../local/errors.ts';

const root = join(import.meta.dirname, '../../..');
const nobody = 65_534;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-refusals-'));
  // Somebody else has to get to what lies below.
  chmodSync(folder, 0o755);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** What the command says, run by somebody who is not root: permissions mean nothing to root. */
function startAsSomebody(state: string): { status: number | null; said: string } {
  const app = join(folder, 'cdk.out');
  mkdirSync(app);
  writeFileSync(join(app, 'manifest.json'), '{"version":"1.0","artifacts":{}}');
  const isRoot = process.getuid?.() === 0;
  const done = spawnSync(process.execPath, [join(root, 'cli/main.ts'), '--folder', state, 'local', '--app', app], {
    ...(isRoot && { uid: nobody, gid: nobody }),
    cwd: root,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status: done.status, said: done.stderr };
}

describe.skipIf(process.platform === 'win32')('a folder that somebody else owns', () => {
  it('is named in one sentence that says what to do, when it is read-only', () => {
    const state = join(folder, 'state');
    mkdirSync(state, { mode: 0o555 });
    const { status, said } = startAsSomebody(state);
    expect(status).toBe(1);
    expect(said).toMatch(
      new RegExp(`^slipway: the folder ${state} cannot be written: .*; make it writable, or choose another folder\\n$`),
    );
  });

  it('is named in one sentence that says what to do, when only its store is read-only', () => {
    const state = join(folder, 'state');
    mkdirSync(state);
    chmodSync(state, 0o777);
    new DatabaseSync(join(state, 'cloud.sqlite')).close();
    chmodSync(join(state, 'cloud.sqlite'), 0o444);
    const { status, said } = startAsSomebody(state);
    expect(status).toBe(1);
    expect(said).toMatch(
      new RegExp(`^slipway: the store in ${state} cannot be opened: .*; make it readable and writable, or choose`),
    );
    expect(said.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('a start', () => {
  it('names the other process that holds the folder, and takes the folder when that is gone', async () => {
    const script = `
      import { startLocalCloud } from ${JSON.stringify(new URL('../../../local/cloud.ts', import.meta.url).href)};
      const cloud = await startLocalCloud({ folder: ${JSON.stringify(folder)}, services: [], report: () => undefined });
      console.log(cloud.port);
      setInterval(() => undefined, 1000);
    `;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = await once(other.stdout, 'data');
    const start = () => startLocalCloud({ folder, services: [], report: () => undefined });
    await expect(start()).rejects.toThrow(`is held by process ${other.pid}, on port ${String(port).trim()}, since 20`);
    other.kill('SIGKILL');
    await once(other, 'exit');
    const cloud = await start();
    await cloud.stop();
  });

  it.each([
    ['the lock', 'BEGIN EXCLUSIVE', 'cannot be written: the disk is full; free some space and start again'],
    ['a table', 'CREATE TABLE', 'the disk is full; free some space and start it again'],
  ])('says that the disk is full when %s does not fit, and leaves the folder free', async (_what, statement, text) => {
    // Called with the database as its `this` below.
    const exec = DatabaseSync.prototype.exec;
    vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
      if (!sql.startsWith(statement)) return exec.call(this, sql);
      throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
    });
    const start = () => startLocalCloud({ folder, services: [], report: () => undefined });
    const refused = start();
    await expect(refused).rejects.toBeInstanceOf(LocalCloudError);
    await expect(refused).rejects.toThrow(text);
    vi.restoreAllMocks();
    const cloud = await start();
    await cloud.stop();
  });

  it('refuses to pass over a provider that the app has not, before it takes the folder', async () => {
    const app = join(folder, 'cdk.out');
    mkdirSync(app);
    writeFileSync(join(app, 'manifest.json'), '{"version":"1.0","artifacts":{}}');
    const state = join(folder, 'state');
    const start = (provider: string) =>
      startLocalCloud({
        app,
        folder: state,
        services: [],
        report: () => undefined,
        codePipeline: { notRun: [provider] },
      });
    await expect(start('Typo')).rejects.toThrow(
      /^"--not-run Typo" passes nothing over: .*pipelines have: none; write it/,
    );
    expect(readdirSync(folder)).toEqual(['cdk.out']);
    await (await start('CodeBuild')).stop();
  });

  it('says that what lies in the place of the store is none', async () => {
    const lock = join(folder, 'lock.sqlite');
    closeSync(openSync(lock, 'w'));
    writeFileSync(join(folder, 'cloud.sqlite'), 'this is no database, and long enough to be read as one'.repeat(20));
    const refused = startLocalCloud({ folder, services: [], report: () => undefined });
    await expect(refused).rejects.toThrow(/^the store in .* cannot be opened: file is not a database; make it/);
    expect(readdirSync(folder)).not.toContain('holder.json');
  });
});
