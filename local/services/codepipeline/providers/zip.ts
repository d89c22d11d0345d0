import { crc32 } from 'node:zlib';
import { unzipSync, type UnzipFileInfo } from 'fflate';

/** A file of a zip. */
export interface ZippedFile {
  /** Relative, with `/` between its steps, never leaving the folder it is unpacked to. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How much a zip may hold. */
export interface UnpackLimits {
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/** Why a zip is refused. */
export class ZipRefusedError extends Error {
  override readonly name = 'ZipRefusedError';
}

/** Whether these bytes have a zip's directory. */
export function isZip(bytes: Uint8Array): boolean {
  try {
    unzipSync(bytes, { filter: () => false });
    return true;
  } catch {
    return false;
  }
}

/**
 * Unpacks a zip. Names that lead out of its folder and sizes over the limits are refused before anything is inflated.
 * @throws ZipRefusedError
 */
export function unpackZip(bytes: Uint8Array, limits: UnpackLimits): ZippedFile[] {
  const total = { files: 0, bytes: 0 };
  const files = inflate(bytes, (file) => {
    refuseUnsafeName(file.name);
    if (file.name.endsWith('/')) return false;
    total.files += 1;
    total.bytes += file.originalSize;
    if (total.files > limits.maxFiles) throw new ZipRefusedError(`it holds more than ${limits.maxFiles} files`);
    if (total.bytes > limits.maxBytes) throw new ZipRefusedError(`it unpacks to more than ${limits.maxBytes} bytes`);
    return true;
  });
  const checksums = checksumsOf(bytes);
  return Object.entries(files).map(([path, content]) => {
    // A file that is larger than it says got no more room than it said, and fails here.
    if (crc32(content) !== checksums.get(path))
      throw new ZipRefusedError(`its entry ${JSON.stringify(path)} is damaged`);
    return { path, bytes: content };
  });
}

/** The CRC-32 of each file by its name, from the central directory, which `unzipSync` has read before (APPNOTE 4.3.12). */
function checksumsOf(bytes: Uint8Array): ReadonlyMap<string, number> {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = zip.lastIndexOf(endOfDirectory);
  const checksums = new Map<string, number>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.subarray(at + 46, at + 46 + nameLength);
    const isUtf8 = (zip.readUInt16LE(at + 8) & 0x800) !== 0;
    checksums.set(name.toString(isUtf8 ? 'utf8' : 'latin1'), zip.readUInt32LE(at + 16));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return checksums;
}

const endOfDirectory = Buffer.from('PK\x05\x06', 'latin1');

function inflate(bytes: Uint8Array, filter: (file: UnzipFileInfo) => boolean): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof ZipRefusedError) throw error;
    throw new ZipRefusedError(`it cannot be read as a zip (${error instanceof Error ? error.message : String(error)})`);
  }
}

function refuseUnsafeName(name: string): void {
  const isUnsafe =
    name.startsWith('/') ||
    name.includes('\\') ||
    name.includes('\0') ||
    /^[A-Za-z]:/.test(name) ||
    name.split('/').includes('..');
  if (isUnsafe)
    throw new ZipRefusedError(`its entry ${JSON.stringify(name)} leads out of the folder it is unpacked to`);
}
