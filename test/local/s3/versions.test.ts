import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { get, put, s3Cloud } from './s3-cloud.ts';

let cloud: TestCloud;
afterEach(() => cloud.close());

function remove(Key: string, VersionId?: string): Promise<{ DeleteMarker?: boolean; VersionId?: string }> {
  return cloud.call('s3', 'DeleteObject', { Bucket: 'shelf', Key, ...(VersionId && { VersionId }) });
}

function setVersioning(Status: string): Promise<unknown> {
  return cloud.call('s3', 'PutBucketVersioning', { Bucket: 'shelf', VersioningConfiguration: { Status } });
}

async function listVersions(more: object = {}): Promise<ListObjectVersionsCommandOutput> {
  return cloud.call('s3', 'ListObjectVersions', { Bucket: 'shelf', ...more });
}

describe('a bucket with versioning', () => {
  it('[s3.versions.newest] keeps every version and answers the newest, or the one that is named', async () => {
    cloud = await s3Cloud({ versioning: true });
    const first = await put(cloud, 'k', '1');
    const second = await put(cloud, 'k', '2');
    expect(first.VersionId).toMatch(/^[A-Za-z0-9._]{32}$/);
    expect(await get(cloud, 'k')).toMatchObject({ text: '2', VersionId: second.VersionId });
    expect(await get(cloud, 'k', { VersionId: first.VersionId })).toMatchObject({ text: '1' });
    const listed = await listVersions();
    expect(listed.Versions).toMatchObject([
      { VersionId: second.VersionId, IsLatest: true },
      { VersionId: first.VersionId, IsLatest: false },
    ]);
  });

  it('[s3.versions.delete-marker] hides a deleted object behind a marker, and shows it again when the marker is deleted', async () => {
    cloud = await s3Cloud({ versioning: true });
    const { VersionId } = await put(cloud, 'k', '1');
    const marker = await remove('k');
    expect(marker).toMatchObject({ DeleteMarker: true });
    await expect(get(cloud, 'k')).rejects.toMatchObject({ code: 'NoSuchKey' });
    expect((await get(cloud, 'k', { VersionId })).text).toBe('1');
    await expect(get(cloud, 'k', { VersionId: marker.VersionId })).rejects.toMatchObject({
      code: 'MethodNotAllowed',
      httpStatus: 405,
    });
    const listed = await listVersions();
    expect(listed.DeleteMarkers).toMatchObject([{ Key: 'k', IsLatest: true }]);
    expect(listed.DeleteMarkers?.[0]).not.toHaveProperty('ETag');
    expect(await remove('k', marker.VersionId)).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
    expect((await get(cloud, 'k')).text).toBe('1');
  });

  it('[s3.versions.delete-newest] lets the version before become the newest when the newest is deleted for good', async () => {
    cloud = await s3Cloud({ versioning: true });
    await put(cloud, 'k', '1');
    const { VersionId } = await put(cloud, 'k', '2');
    await remove('k', VersionId);
    expect((await get(cloud, 'k')).text).toBe('1');
    await expect(get(cloud, 'k', { VersionId })).rejects.toMatchObject({ code: 'NoSuchVersion', httpStatus: 404 });
    await expect(get(cloud, 'k', { VersionId: 'zz' })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  it('[s3.versions.null] keeps what was put before as the null version, and replaces only that while suspended', async () => {
    cloud = await s3Cloud();
    await put(cloud, 'k', 'before');
    await setVersioning('Enabled');
    const { VersionId } = await put(cloud, 'k', 'versioned');
    await setVersioning('Suspended');
    expect(await put(cloud, 'k', 'suspended')).toMatchObject({ VersionId: 'null' });
    expect((await get(cloud, 'k', { VersionId: 'null' })).text).toBe('suspended');
    expect((await get(cloud, 'k', { VersionId })).text).toBe('versioned');
    expect(await remove('k')).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    expect((await listVersions()).Versions).toMatchObject([{ VersionId }]);
  });

  it('refuses to be deleted while old versions are there', async () => {
    cloud = await s3Cloud({ versioning: true });
    await put(cloud, 'k', '1');
    await remove('k');
    await expect(cloud.call('s3', 'DeleteBucket', { Bucket: 'shelf' })).rejects.toThrow('delete all versions');
  });

  it('[s3.delete-objects.errors] deletes many at once, telling errors apart from what went', async () => {
    cloud = await s3Cloud({ versioning: true });
    const { VersionId } = await put(cloud, 'a', '1');
    await put(cloud, 'b', '1');
    const Objects = [{ Key: 'a', VersionId }, { Key: 'b' }, { Key: 'c', VersionId: 'wrong' }];
    const output = await cloud.call('s3', 'DeleteObjects', { Bucket: 'shelf', Delete: { Objects } });
    expect(output).toMatchObject({
      Deleted: [
        { Key: 'a', VersionId },
        { Key: 'b', DeleteMarker: true },
      ],
      Errors: [{ Key: 'c', Code: 'InvalidArgument' }],
    });
    const quiet = { Objects: [{ Key: 'b' }], Quiet: true };
    expect(await cloud.call('s3', 'DeleteObjects', { Bucket: 'shelf', Delete: quiet })).toEqual({});
  });

  it('pages through versions with markers', async () => {
    cloud = await s3Cloud({ versioning: true });
    for (const key of ['a', 'a', 'b', 'b', 'c/1', 'c/2']) await put(cloud, key, '');
    await remove('a');
    const seen: string[] = [];
    let markers = {};
    for (let pages = 0; pages < 9; pages++) {
      const page = await listVersions({ MaxKeys: 2, Delimiter: '/', ...markers });
      for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
        seen.push(`${Key} ${VersionId}`);
      }
      for (const { Prefix } of page.CommonPrefixes ?? []) seen.push(Prefix ?? '');
      if (!page.IsTruncated) break;
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    expect(seen.map((entry) => entry.split(' ')[0]).sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'c/']);
    expect(new Set(seen).size).toBe(6);
  });
});
