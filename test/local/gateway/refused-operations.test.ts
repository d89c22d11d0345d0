import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';
import { compatibilities } from '../../../local/compatibility.ts';
import type { ServiceApi } from '../../../local/gateway/service.ts';
import { answersOfOperations } from '../../../scripts/compatibility/answers.ts';
import { surveyCloud, type Survey } from '../../../scripts/compatibility/survey.ts';
import { testStartMs } from '../../support/cloud-context.ts';
import { walkOperations } from '../../support/walk-operations.ts';

let folder: string;
let cloud: LocalCloud;
let survey: Survey;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-refused-'));
  cloud = await startLocalCloud({
    ...{ folder, report: () => undefined },
    clock: { kind: 'virtual', startMs: testStartMs },
  });
  survey = await surveyCloud(compatibilities.map(({ id, apiName }) => apiName ?? id));
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true });
});

type Client = Parameters<typeof walkOperations>[1] & { destroy(): void };

/** The SDK client that a service's schemas come with. */
function clientOf({ schemas }: ServiceApi): Client {
  const found = Object.entries(schemas).find(([name]) => /^[A-Z]\w+Client$/.test(name));
  // A client's module exports one class of that name.
  const [, Client] = found as [string, new (config: object) => Client];
  return new Client({
    ...{ endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.credentials, maxAttempts: 1 },
    ...{ systemClockOffset: testStartMs - Date.now(), forcePathStyle: true, disableHostPrefix: true },
  });
}

/** They come unsigned, or for another service: the gateway cannot know what they are, and refuses them in its own words. */
const elsewhere = ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'ListDirectoryBuckets', 'WriteGetObjectResponse'];

const withApi = compatibilities.filter(({ otherwise, refused }) => otherwise !== undefined || refused !== undefined);

it.each(withApi)('[gateway.not-supported.operation] $title refuses by name what its page says no to', async (each) => {
  const refused = answersOfOperations(each, survey).filter(({ answer }) => answer === 'no');
  const names = new Set(refused.map(({ name }) => name));
  expect(names.size).toBeGreaterThan(0);
  const api = cloud.gateway.describe(each.apiName ?? each.id);
  if (!api) throw new Error(`${each.title} has an API`);
  const client = clientOf(api);
  const walked = await walkOperations(api, client, (name) => names.has(name));
  client.destroy();
  const isRefused = ({ outcome, message, name }: (typeof walked)[number]): boolean =>
    elsewhere.includes(name) ? outcome !== 'ok' : outcome === 'NotImplemented' && message.includes(name);
  expect(walked.filter((operation) => !isRefused(operation))).toEqual([]);
});
