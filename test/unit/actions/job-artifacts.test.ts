import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { jobArtifacts, pack, unpack } from '../../../shared/actions/job-artifacts.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('an artifact', () => {
  it('comes back as it was packed, with the same bytes each time', async () => {
    const files = new Map([
      ['b/c.txt', bytes('c')],
      ['a.txt', bytes('a')],
    ]);
    expect(await unpack(pack(files))).toEqual(new Map([...files].reverse()));
    expect(pack(files)).toEqual(pack(new Map([...files].reverse())));
  });

  it.each(['../a', 'a/../../b', '/etc/passwd', 'C:/a', 'a\\..\\b'])(
    'is refused when it holds the path %s',
    async (path) => {
      // A stand-in of the same length, renamed in the bytes: an object literal cannot hold every name.
      const standIn = 'x'.repeat(path.length);
      const zip = Buffer.from(zipSync({ [standIn]: bytes('content') }));
      for (let found = zip.indexOf(standIn); found !== -1; found = zip.indexOf(standIn)) zip.write(path, found);
      await expect(unpack(zip)).rejects.toThrow(
        /holds a path that leaves its folder \((invalid|absolute).*\); pack relative paths/,
      );
    },
  );

  it('is refused when it holds a file without a name', async () => {
    await expect(unpack(zipSync({ '': bytes('content') }))).rejects.toThrow('holds a file without a name');
  });

  it('is refused when it unpacks past the cap', async () => {
    const zip = zipSync({ 'a.txt': new Uint8Array(2_000_000) });
    expect(zip.length).toBeLessThan(10_000);
    await expect(unpack(zip, { zipBytes: 10_000, unpackedBytes: 1_000_000, fileCount: 10 })).rejects.toThrow(
      /unpacks to more than 1000000 bytes/,
    );
  });

  it('is refused when it holds too many files', async () => {
    const zip = zipSync({ a: bytes('a'), b: bytes('b'), c: bytes('c') });
    const limits = { zipBytes: 10_000, unpackedBytes: 1_000, fileCount: 2 };
    await expect(unpack(zip, limits)).rejects.toThrow(/more than 2 files/);
  });

  it('is refused when it is no zip', async () => {
    await expect(unpack(bytes('no zip at all'))).rejects.toThrow(/not a zip/);
  });

  // Offsets in the entry of the central directory (APPNOTE 4.3.12) of a zip with one file.
  const method = 10;
  const [checksum, packedSize, size] = [16, 20, 24];
  it.each([
    ['a stored file is larger than it says', 0, [[size, 3]], /size mismatch/],
    [
      'a stored file says two sizes, both wrong',
      0,
      [
        [size, 3],
        [packedSize, 3],
      ],
      /not what the zip declares/,
    ],
    ['a file unpacks to more than it says', 6, [[size, 3]], /Cannot create a Buffer larger/],
    ['a file says that it is empty', 6, [[size, 0]], /Cannot create a Buffer larger|not what the zip declares/],
    ['a file unpacks to less than it says', 6, [[size, 30_000]], /not what the zip declares/],
    ['a file has another checksum', 6, [[checksum, 7]], /not what the zip declares/],
    ['a file is longer than the zip', 6, [[packedSize, 30_000]], /unexpected|not what|file data overflows/],
    ['a file is packed by LZMA', 6, [[method, 14]], /packed by method 14/],
  ] as const)('is refused when %s', async (_what, level, changes, message) => {
    const zip = Buffer.from(zipSync({ a: new Uint8Array(20_000) }, { level }));
    const entry = zip.indexOf('PK\x01\x02', 0, 'latin1');
    for (const [offset, value] of changes) {
      if (offset === method) zip.writeUInt16LE(value, entry + offset);
      else zip.writeUInt32LE(value, entry + offset);
    }
    await expect(unpack(zip)).rejects.toMatchObject({
      name: 'ArtifactRefused',
      message: expect.stringMatching(message),
    });
  });

  it('is refused when many of its files are the same bytes, which together pass the cap', async () => {
    const one = Buffer.from(zipSync({ a: new Uint8Array(20_000) }, { level: 0 }));
    const start = one.indexOf('PK\x01\x02', 0, 'latin1');
    const end = one.indexOf('PK\x05\x06', 0, 'latin1');
    const copies = Array.from({ length: 40 }, (_, index) => {
      const copy = Buffer.from(one.subarray(start, end));
      copy.write(String.fromCharCode(48 + index), 46);
      return copy;
    });
    const directory = Buffer.concat(copies);
    const trailer = Buffer.from(one.subarray(end));
    trailer.writeUInt16LE(40, 8);
    trailer.writeUInt16LE(40, 10);
    trailer.writeUInt32LE(directory.length, 12);
    const bomb = Buffer.concat([one.subarray(0, start), directory, trailer]);
    const limits = { zipBytes: 100_000, unpackedBytes: 500_000, fileCount: 100 };
    await expect(unpack(bomb, limits)).rejects.toThrow(/unpacks to more than 500000 bytes/);
  });

  it('holds a file of any name but the one that its zip library would swallow', async () => {
    const odd = new Map([['constructor', bytes('c')]]);
    expect(await unpack(pack(odd))).toEqual(odd);
    expect(() => pack(new Map([['__proto__', bytes('p')]]))).toThrow(/name it otherwise/);
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
