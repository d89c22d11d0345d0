import { crc32, inflateRawSync } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';

/** One file of a zip. */
export interface ZippedFile {
  /** Relative, with `/` between folders; it leads nowhere outside. */
  readonly path: string;
  /** Unpacked, as the zip declares it. */
  readonly sizeBytes: number;
  /** @throws Error if the content has another size or checksum than the zip declares, or is packed in a way that is not known */
  content(): Promise<Uint8Array>;
}

/**
 * The files of a zip, in their order. Nothing is unpacked before it is asked for, and never past its declared size.
 * @throws Error if it is no whole zip, or a path is absolute, has a drive letter, `..` or a backslash
 */
export async function* filesOfZip(zip: Uint8Array): AsyncGenerator<ZippedFile> {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const file = await yauzl.fromBufferPromise(bytes, { strictFileNames: true });
  for await (const entry of file.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    yield {
      path: entry.fileName,
      sizeBytes: entry.uncompressedSize,
      content: () => contentOf(entry, file, bytes),
    };
  }
}

async function contentOf(entry: Entry, file: ZipFile, bytes: Buffer): Promise<Uint8Array> {
  const { compressedSize, compressionMethod, uncompressedSize, fileName } = entry;
  if (!entry.canDecodeFileData()) throw new Error(`${fileName} is encrypted, or packed by method ${compressionMethod}`);
  const { fileDataStart } = await file.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = bytes.subarray(fileDataStart, fileDataStart + compressedSize);
  const content = compressionMethod === 0 ? new Uint8Array(packed) : inflated(packed, uncompressedSize);
  if (content.length !== uncompressedSize || crc32(content) !== entry.crc32)
    throw new Error(`${fileName} is not what the zip declares it to be`);
  return content;
}

/** Up to a size; zlib takes no smaller limit than a byte. */
function inflated(packed: Uint8Array, sizeBytes: number): Uint8Array {
  const { buffer, byteOffset, length } = inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });
  return new Uint8Array(buffer, byteOffset, length);
}
