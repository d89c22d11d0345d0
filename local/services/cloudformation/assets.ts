import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Principal } from '../../gateway/principal.ts';
import type { AssetLocator } from '../../template/asset-locator.ts';
import type { CloudContext } from '../service-module.ts';

/**
 * Does something that needs objects of S3 (a function's code, a definition) as files. Resource types ask for them while
 * they work, so work that meets one that is not here yet is done again once it is: it goes on where it stopped.
 */
export async function withObjects<T>(
  work: (locate: AssetLocator) => Promise<T>,
  { context, principal }: { context: CloudContext; principal: Principal },
): Promise<T> {
  const files = new Map<string, string>();
  for (;;) {
    const wanted: { bucket: string; key: string }[] = [];
    try {
      return await work((bucket, key) => {
        const file = files.get(addressOf(bucket, key));
        if (file !== undefined) return file;
        wanted.push({ bucket, key });
        throw new Error(`s3://${bucket}/${key} is not fetched yet`);
      });
    } catch (error) {
      if (wanted.length === 0) throw error;
      for (const object of wanted) files.set(addressOf(object.bucket, object.key), await fetchObject(object));
    }
  }

  async function fetchObject({ bucket, key }: { bucket: string; key: string }): Promise<string> {
    const input = { Bucket: bucket, Key: key };
    // S3 answers a body as bytes inside the process.
    const { Body: body = new Uint8Array() } = (await context.gateway.handle(
      { service: 's3', operation: 'GetObject', input },
      principal,
    )) as { Body?: Uint8Array };
    const folder = join(context.folder, 'cloudformation');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, createHash('sha256').update(addressOf(bucket, key)).digest('hex').slice(0, 32));
    writeFileSync(file, body, { mode: 0o600 });
    return file;
  }
}

function addressOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
