import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';

/** https://github.com/nubo-db/dynoxide: DynamoDB over SQLite, by somebody else. npm installs it on Linux x64 only. */
const binary = join(import.meta.dirname, '../../../../node_modules/@dynoxide/linux-x64/dynoxide');

/** Why the oracle cannot be asked on this machine; undefined if it can. */
export const whyNoOracle = existsSync(binary) ? undefined : 'the optional package @dynoxide/linux-x64 is not installed';

/** Starts the oracle in memory on a free port. */
export async function startDynoxide(): Promise<{ db: DynamoDB; stop(): void }> {
  const port = await freePort();
  const child = spawn(binary, ['serve', '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`dynoxide ended with ${code}`)));
    const onText = (text: Buffer): void => {
      if (text.includes('listening')) resolve();
    };
    child.stdout.on('data', onText);
    child.stderr.on('data', onText);
  });
  const credentials = { accessKeyId: 'oracle', secretAccessKey: 'oracle' };
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    db: new DynamoDB({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }),
    stop: () => void child.kill(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
