import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { get, put, s3Cloud } from './s3-cloud.ts';

let cloud: TestCloud;
afterEach(() => cloud.close());

const large = Buffer.alloc(5 * 1024 * 1024, 'a');
const target = { Bucket: 'shelf', Key: 'big' };

async function begin(more: object = {}): Promise<string> {
  const { UploadId } = await cloud.call<{ UploadId: string }>('s3', 'CreateMultipartUpload', { ...target, ...more });
  return UploadId;
}

function sendPart(UploadId: string, PartNumber: number, Body: Uint8Array): Promise<{ ETag: string }> {
  return cloud.call('s3', 'UploadPart', { ...target, UploadId, PartNumber, Body });
}

function complete(UploadId: string, Parts: object[], more: object = {}): Promise<{ ETag: string }> {
  return cloud.call('s3', 'CompleteMultipartUpload', { ...target, UploadId, MultipartUpload: { Parts }, ...more });
}

function bodyCount(): number {
  const files = readdirSync(join(cloud.context.folder, 's3', 'bodies'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /[0-9a-f]{32}$/.test(file)).length;
}

describe('a multipart upload', () => {
  it('[s3.multipart.complete] makes one object of its parts, and leaves nothing else', async () => {
    cloud = await s3Cloud();
    const UploadId = await begin({ ContentType: 'text/plain', Metadata: { a: '1' } });
    const second = await sendPart(UploadId, 2, Buffer.from('end'));
    const first = await sendPart(UploadId, 1, large);
    await expect(get(cloud, 'big')).rejects.toMatchObject({ code: 'NoSuchKey' });
    const parts = await cloud.call<{ Parts: object[] }>('s3', 'ListParts', { ...target, UploadId });
    expect(parts.Parts).toMatchObject([
      { PartNumber: 1, Size: large.length },
      { PartNumber: 2, Size: 3 },
    ]);
    const done = await complete(UploadId, [
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ]);
    const md5s = [large, Buffer.from('end')].map((part) => createHash('md5').update(part).digest());
    expect(done.ETag).toBe(`"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`);
    const read = await get(cloud, 'big');
    expect(read).toMatchObject({ ContentType: 'text/plain', ContentLength: large.length + 3, Metadata: { a: '1' } });
    expect(read.text === large.toString() + 'end').toBe(true);
    expect(await get(cloud, 'big', { PartNumber: 2 })).toMatchObject({ text: 'end', PartsCount: 2 });
    expect(bodyCount()).toBe(1);
    await expect(sendPart(UploadId, 3, large)).rejects.toMatchObject({ code: 'NoSuchUpload', httpStatus: 404 });
  });

  it('[s3.multipart.parts] refuses parts that are wrong, out of order or too small', async () => {
    cloud = await s3Cloud();
    const UploadId = await begin();
    const one = { PartNumber: 1, ...(await sendPart(UploadId, 1, Buffer.from('small'))) };
    const two = { PartNumber: 2, ...(await sendPart(UploadId, 2, Buffer.from('last'))) };
    await expect(complete(UploadId, [one, two])).rejects.toMatchObject({ code: 'EntityTooSmall' });
    await expect(complete(UploadId, [two, one])).rejects.toMatchObject({ code: 'InvalidPartOrder' });
    await expect(complete(UploadId, [{ ...one, ETag: two.ETag }])).rejects.toMatchObject({ code: 'InvalidPart' });
    await expect(complete(UploadId, [])).rejects.toMatchObject({ code: 'MalformedXML' });
    await expect(sendPart(UploadId, 0, large)).rejects.toMatchObject({ code: 'InvalidArgument' });
    await complete(UploadId, [one]);
    expect((await get(cloud, 'big')).text).toBe('small');
    expect(bodyCount()).toBe(1);
  });

  it('[s3.multipart.abort] leaves nothing when it is aborted, and survives a restart when it is not', async () => {
    cloud = await s3Cloud();
    const aborted = await begin();
    await sendPart(aborted, 1, Buffer.from('x'));
    const kept = await begin();
    const part = await sendPart(kept, 1, Buffer.from('y'));
    await cloud.call('s3', 'AbortMultipartUpload', { ...target, UploadId: aborted });
    expect(bodyCount()).toBe(1);
    cloud = await cloud.restart();
    await complete(kept, [{ PartNumber: 1, ETag: part.ETag }]);
    expect((await get(cloud, 'big')).text).toBe('y');
    await expect(cloud.call('s3', 'ListParts', { ...target, UploadId: aborted })).rejects.toMatchObject({
      code: 'NoSuchUpload',
    });
  });

  it('[s3.multipart.checksum] combines the checksums of its parts, or takes that of the whole', async () => {
    cloud = await s3Cloud();
    const combined = await begin({ ChecksumAlgorithm: 'SHA256' });
    const part = await sendPart(combined, 1, Buffer.from('x'));
    const sha = createHash('sha256').update(createHash('sha256').update('x').digest()).digest('base64');
    expect(await complete(combined, [{ PartNumber: 1, ...part }])).toMatchObject({
      ChecksumSHA256: `${sha}-1`,
      ChecksumType: 'COMPOSITE',
    });
    const whole = await begin({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const numbers = await sendPart(whole, 1, Buffer.from('123456789'));
    const ChecksumCRC32 = Buffer.from('cbf43926', 'hex').toString('base64');
    await expect(complete(whole, [{ PartNumber: 1, ...numbers }], { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject(
      { code: 'BadDigest' },
    );
    expect(await complete(whole, [{ PartNumber: 1, ...numbers }], { ChecksumCRC32 })).toMatchObject({
      ChecksumCRC32,
      ChecksumType: 'FULL_OBJECT',
    });
  });

  it('[s3.multipart.if-none-match] does not overwrite an object that it may not', async () => {
    cloud = await s3Cloud();
    await put(cloud, 'big', 'first');
    const UploadId = await begin();
    const part = await sendPart(UploadId, 1, Buffer.from('second'));
    await expect(complete(UploadId, [{ PartNumber: 1, ...part }], { IfNoneMatch: '*' })).rejects.toMatchObject({
      httpStatus: 412,
    });
    expect((await get(cloud, 'big')).text).toBe('first');
  });

  it('[s3.multipart.copy-range] copies a range of another object as a part', async () => {
    cloud = await s3Cloud();
    await put(cloud, 'source', 'abcdef');
    const UploadId = await begin();
    const copy = { ...target, UploadId, PartNumber: 1, CopySource: 'shelf/source', CopySourceRange: 'bytes=1-3' };
    const { CopyPartResult } = await cloud.call<{ CopyPartResult: { ETag: string } }>('s3', 'UploadPartCopy', copy);
    await complete(UploadId, [{ PartNumber: 1, ETag: CopyPartResult.ETag }]);
    expect((await get(cloud, 'big')).text).toBe('bcd');
  });
});
