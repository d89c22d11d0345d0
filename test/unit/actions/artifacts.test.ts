import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { jobArtifacts, pack, unpack } from '../../../shared/actions/artifacts.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('an artifact', () => {
  it('comes back as it was packed, with the same bytes each time', () => {
    const files = new Map([
      ['b/c.txt', bytes('c')],
      ['a.txt', bytes('a')],
    ]);
    expect(unpack(pack(files))).toEqual(new Map([...files].reverse()));
    expect(pack(files)).toEqual(pack(new Map([...files].reverse())));
  });

  it.each(['../a', 'a/../../b', '/etc/passwd', 'C:/a', 'a\\..\\b', '__proto__'])(
    'is refused when it holds the path %s',
    (path) => {
      // A stand-in of the same length, renamed in the bytes: an object literal cannot hold every name.
      const standIn = 'x'.repeat(path.length);
      const zip = Buffer.from(zipSync({ [standIn]: bytes('content') }));
      for (let found = zip.indexOf(standIn); found !== -1; found = zip.indexOf(standIn)) zip.write(path, found);
      expect(() => unpack(zip)).toThrow(/leaves its folder/);
    },
  );

  it('is refused when it unpacks past the cap', () => {
    const zip = zipSync({ 'a.txt': new Uint8Array(2_000_000) });
    expect(zip.length).toBeLessThan(10_000);
    expect(() => unpack(zip, { zipBytes: 10_000, unpackedBytes: 1_000_000, fileCount: 10 })).toThrow(
      /unpacks to more than 1000000 bytes/,
    );
  });

  it('is refused when it holds too many files', () => {
    const zip = zipSync({ a: bytes('a'), b: bytes('b'), c: bytes('c') });
    expect(() => unpack(zip, { zipBytes: 10_000, unpackedBytes: 1_000, fileCount: 2 })).toThrow(/more than 2 files/);
  });

  it('is refused when it is no zip', () => {
    expect(() => unpack(bytes('no zip at all'))).toThrow(/not a zip/);
  });

  it('is named when there are several', async () => {
    const location = (name: string) => ({ name, location: { s3Location: { bucketName: 'b', objectKey: name } } });
    const artifacts = jobArtifacts(
      { inputs: [location('One'), location('Two')], outputs: [] },
      { download: async ({ name }) => pack(new Map([[name, bytes(name)]])), upload: async () => {} },
    );
    await expect(artifacts.read()).rejects.toThrow(/2 input artifacts \(One, Two\)/);
    await expect(artifacts.read('Three')).rejects.toThrow(/no input artifact "Three"/);
    expect([...(await artifacts.read('Two')).keys()]).toEqual(['Two']);
  });
});
