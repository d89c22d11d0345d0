import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startLocalCloud, type LocalCloud } from 'slipway/local';
import { startPipeline } from 'slipway/testing';
import { pagesApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'pages-'));
let cloud: LocalCloud;
before(async () => {
  const outdir = join(folder, 'cdk.out');
  pagesApp({ outdir, analyticsReporting: false }).synth();
  cloud = await startLocalCloud({
    app: outdir,
    folder: join(folder, 'cloud'),
    clock: { kind: 'virtual', startMs: Date.UTC(2026, 0, 5) },
    report: () => undefined,
  });
});
after(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** How the action ends in the pipeline for a source with a page of so many kilobytes. */
async function checked(kilobytes: number) {
  const run = await startPipeline(cloud, {
    pipeline: 'pages',
    source: {
      bucket: String(cloud.outputs('Pages')['SourceBucket']),
      key: 'pages.zip',
      files: { 'page.html': 'x'.repeat(kilobytes * 1024) },
    },
  });
  return run.untilEnded('Size');
}

test('the pipeline goes on with a small source', async () => {
  const { status, summary, outputs } = await checked(2);
  assert.deepEqual(
    { status, summary, outputs },
    {
      status: 'Succeeded',
      summary: '1 files, 2 kB',
      outputs: { kilobytes: '2' },
    },
  );
});

test('the pipeline stops at a source that is too large', async () => {
  const { status, error } = await checked(11);
  assert.equal(status, 'Failed');
  assert.equal(error?.code, 'JobFailed');
  assert.match(error.message, /11 kB, allowed are 10/);
});
