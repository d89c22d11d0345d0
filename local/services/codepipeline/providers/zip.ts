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
    // A file that is larger than it says gets no more room than it said.
    if (total.bytes > limits.maxBytes) throw new ZipRefusedError(`it unpacks to more than ${limits.maxBytes} bytes`);
    return true;
  });
  return Object.entries(files).map(([path, content]) => ({ path, bytes: content }));
}

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
