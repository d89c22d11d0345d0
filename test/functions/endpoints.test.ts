import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bundleEntries } from '../../infra/bundle.ts';
import { packageRoot } from '../../infra/package-root.ts';

type Resolve = (parameters: Record<string, unknown>) => object;
type Service = 's3' | 'dynamodb';

const services: readonly Service[] = ['s3', 'dynamodb'];
const source = services
  .map((service) => `./node_modules/@aws-sdk/client-${service}/dist-es/endpoint/endpointResolver.js`)
  .map((file, index) => `export { defaultEndpointResolver as ${services[index]} } from '${file}';`)
  .join('\n');

let folder: string;
let ours: Record<Service, Resolve>;
let whole: Record<Service, Resolve>;
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
  ours = load(join(folder, 'bundles/ours/index.js'));
  whole = load(join(folder, 'whole.cjs'));
  // Both say so when a name makes no host.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function outcome(resolve: Resolve, parameters: Record<string, unknown>): unknown {
  try {
    return JSON.parse(JSON.stringify(resolve(parameters)));
  } catch (error) {
    return String(error);
  }
}

const optional = <Value>(values: readonly Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const common = {
  Region: fc.constantFrom(
    'us-east-1',
    'eu-central-1',
    'cn-north-1',
    'us-gov-west-1',
    'us-iso-east-1',
    'local',
    'aws-global',
  ),
  UseFIPS: fc.boolean(),
  UseDualStack: fc.boolean(),
  Endpoint: optional(['http://127.0.0.1:4566', 'https://aws.example', 'https://aws.example/with/a/path', 'no url']),
};
const parametersOf = {
  s3: fc.record({
    ...common,
    Bucket: optional([
      'sources',
      'with.dots',
      'a-b-c',
      'Upper',
      'under_score',
      '192.168.0.1',
      'a',
      'x--y',
      'a'.repeat(63),
    ]),
    ForcePathStyle: fc.boolean(),
    Accelerate: fc.constant(false),
    UseGlobalEndpoint: fc.constant(false),
    DisableMultiRegionAccessPoints: fc.constant(false),
    UseArnRegion: optional([true, false]),
  }),
  dynamodb: fc.record({
    ...common,
    AccountId: optional(['123456789012', 'no account']),
    AccountIdEndpointMode: optional(['preferred', 'required', 'disabled']),
    ResourceArn: optional(['releases', 'Slipway-Data-TableCD117FA1-1ABC']),
    ResourceArnList: optional([['releases'], []]),
  }),
};

it.each(services)('leads to the endpoint of %s that all of its rules lead to, for everything by name', (service) => {
  fc.assert(
    fc.property<[Record<string, unknown>]>(parametersOf[service], (given) => {
      expect(outcome(ours[service], given)).toEqual(outcome(whole[service], given));
    }),
    { numRuns: 2_000 },
  );
});

it('finds the usual places', () => {
  const region = { Region: 'eu-central-1' };
  expect(outcome(ours.s3, { Bucket: 'sources', ...region })).toMatchObject({
    url: 'https://sources.s3.eu-central-1.amazonaws.com/',
  });
  expect(outcome(ours.s3, { Bucket: 'sources', ...region, Endpoint: 'http://127.0.0.1:4566' })).toMatchObject({
    url: 'http://127.0.0.1:4566/sources',
  });
  expect(outcome(ours.dynamodb, { ...region, ResourceArn: 'releases' })).toMatchObject({
    url: 'https://dynamodb.eu-central-1.amazonaws.com/',
  });
});
