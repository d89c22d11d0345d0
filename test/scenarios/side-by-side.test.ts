import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { connect, type Aws } from '../../simulate/aws.ts';
import { startCloud } from '../../simulate/cloud-process.ts';
import { openHeard } from '../../simulate/heard.ts';
import { synthesize } from '../../simulate/synthesize.ts';
import { freshFolder } from '../support/installation.ts';
import { repository } from '../support/slipway-process.ts';

it(
  'runs two copies at once, in two folders and from two checkouts, and mixes nothing',
  { timeout: 120_000 },
  async () => {
    using folder = freshFolder();
    const app = synthesize(folder.path);
    const clouds = [
      startCloud(join(folder.path, 'one'), app),
      startCloud(join(folder.path, 'two'), app),
      startCloud(join(folder.path, 'three'), app, anotherCheckout(join(folder.path, 'checkout'))),
    ];
    try {
      const places = await Promise.all(clouds.map(({ serving }) => serving));
      const copies = places.map((place) => connect(place));

      expect(new Set(places.map(({ endpoint }) => endpoint)).size).toBe(3);
      await Promise.all(copies.map((aws, index) => runOne(aws, `run-${index}`)));
      expect(await Promise.all(copies.map(executionsOf))).toEqual([['run-0'], ['run-1'], ['run-2']]);
      const [one, two] = places;
      const withOthersKeys = connect({ ...one!, credentials: two!.credentials });
      await expect(executionsOf(withOthersKeys)).rejects.toThrow('did not issue it');
    } finally {
      await Promise.all(clouds.map((cloud) => cloud.kill()));
    }
  },
);

/** What a second clone has, as far as it runs a cloud. */
function anotherCheckout(folder: string): string {
  for (const part of ['local', 'simulate', 'package.json']) {
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function runOne(aws: Aws, name: string): Promise<void> {
  const heard = openHeard();
  const { executionArn } = await aws.sfn.startExecution({ stateMachineArn: aws.output('Machine'), name, input: '{}' });
  const status = async (): Promise<string | undefined> => {
    // Answers the task token that the workflow waits for.
    await heard.listen(aws);
    return (await aws.sfn.describeExecution({ executionArn })).status;
  };
  await vi.waitUntil(async () => (await status()) !== 'RUNNING', { timeout: 60_000, interval: 100 });
  expect(await status()).toBe('SUCCEEDED');
}

async function executionsOf(aws: Aws): Promise<(string | undefined)[]> {
  const { executions = [] } = await aws.sfn.listExecutions({ stateMachineArn: aws.output('Machine') });
  return executions.map(({ name }) => name);
}
