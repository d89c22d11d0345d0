import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bundleEntries } from '../../infra/bundle.ts';
import { packageRoot } from '../../infra/package-root.ts';

const source = `export { defaultEndpointResolver as resolve } from './node_modules/@aws-sdk/client-s3/dist-es/endpoint/endpointResolver.js';`;

type Resolve = (parameters: Record<string, unknown>) => object;

let folder: string;
let ours: Resolve;
let whole: Resolve;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-endpoints-'));
  await bundleEntries([{ bundle: 'ours', source }], join(folder, 'bundles'));
  buildSync({
    stdin: { contents: source, resolveDir: packageRoot },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: join(folder, 'whole.cjs'),
  });
  const load = createRequire(import.meta.url);
  ({ resolve: ours } = load(join(folder, 'bundles/ours/index.js')));
  ({ resolve: whole } = load(join(folder, 'whole.cjs')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function outcome(resolve: Resolve, parameters: Record<string, unknown>): unknown {
  try {
    return JSON.parse(JSON.stringify(resolve(parameters)));
  } catch (error) {
    return String(error);
  }
}

const buckets = fc.option(
  fc.constantFrom('sources', 'with.dots', 'a-b-c', 'Upper', 'under_score', '192.168.0.1', 'a', 'x--y', 'a'.repeat(63)),
  { nil: undefined },
);
const parameters = fc.record({
  Bucket: buckets,
  Region: fc.constantFrom(
    'us-east-1',
    'eu-central-1',
    'cn-north-1',
    'us-gov-west-1',
    'us-iso-east-1',
    'aws-global',
    'no region',
  ),
  UseFIPS: fc.boolean(),
  UseDualStack: fc.boolean(),
  ForcePathStyle: fc.boolean(),
  Accelerate: fc.constant(false),
  UseGlobalEndpoint: fc.constant(false),
  DisableMultiRegionAccessPoints: fc.constant(false),
  UseArnRegion: fc.option(fc.boolean(), { nil: undefined }),
  Endpoint: fc.option(
    fc.constantFrom('http://127.0.0.1:4566', 'https://s3.example', 'https://s3.example/with/a/path', 'no url'),
    { nil: undefined },
  ),
});

it('leads to the endpoint that all of the rules lead to, for every bucket by name', () => {
  // Both say so when a name makes no host.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  fc.assert(
    fc.property(parameters, (given) => {
      expect(outcome(ours, given)).toEqual(outcome(whole, given));
    }),
    { numRuns: 2_000 },
  );
});

it('finds the usual places', () => {
  const url = (given: Record<string, unknown>) => outcome(ours, given);
  expect(url({ Bucket: 'sources', Region: 'eu-central-1' })).toMatchObject({
    url: 'https://sources.s3.eu-central-1.amazonaws.com/',
  });
  expect(url({ Bucket: 'sources', Region: 'eu-central-1', Endpoint: 'http://127.0.0.1:4566' })).toMatchObject({
    url: 'http://127.0.0.1:4566/sources',
  });
});
