import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionBench } from 'slipway/testing';
import sizeLimit from './size-limit.ts';

/** What CodePipeline is told of a source with one file of so many kilobytes. */
async function resultFor(kilobytes: number) {
  const { result } = await actionBench(sizeLimit).start({
    parameters: { maxKilobytes: 10 },
    inputs: { Source: { 'page.html': 'x'.repeat(kilobytes * 1024) } },
  });
  return result;
}

test('lets a small source pass, and tells its size', async () => {
  assert.deepEqual(await resultFor(2), {
    kind: 'succeeded',
    outputs: { kilobytes: '2' },
    summary: '1 files, 2 kB',
  });
});

test('fails for a source that is too large', async () => {
  assert.deepEqual(await resultFor(11), {
    kind: 'failed',
    type: 'JobFailed',
    message: 'the source has 11 kB, allowed are 10; leave something out',
  });
});
