import { zipSync } from 'fflate';
import { messageOf } from '../errors.ts';
import { ArtifactRefused, type ArtifactFiles, type Artifacts, type ArtifactStorage } from './artifacts.ts';
import type { ArtifactLocation, Job } from './runner/job-event.ts';
import { filesOfZip } from './zip.ts';

/** What an artifact may be at the most, so that a hostile zip cannot exhaust the function. */
export interface ArtifactLimits {
  readonly zipBytes: number;
  readonly unpackedBytes: number;
  readonly fileCount: number;
}

/** 100 MB zipped, 256 MB unpacked, 20,000 files: what a function of 1 GB can hold. */
const defaultArtifactLimits: ArtifactLimits = {
  zipBytes: 100_000_000,
  unpackedBytes: 256_000_000,
  fileCount: 20_000,
};

/** The artifacts of a job, over the storage in which they lie. */
export function artifactsIn(storage: ArtifactStorage, { data: { inputArtifacts, outputArtifacts } }: Job): Artifacts {
  return jobArtifacts({ inputs: inputArtifacts, outputs: outputArtifacts }, storage);
}

/** The artifacts of one job. */
export function jobArtifacts(
  job: { inputs: readonly ArtifactLocation[]; outputs: readonly ArtifactLocation[] },
  storage: ArtifactStorage,
  limits: ArtifactLimits = defaultArtifactLimits,
): Artifacts {
  return {
    outputs: job.outputs.map(({ name }) => name),
    async read(name) {
      return unpack(await storage.download(pick('input', job.inputs, name), limits.zipBytes), limits);
    },
    async write(files, name) {
      await storage.upload(pick('output', job.outputs, name), pack(files));
    },
  };
}

function pick(
  direction: 'input' | 'output',
  artifacts: readonly ArtifactLocation[],
  name: string | undefined,
): ArtifactLocation {
  const names = artifacts.map((artifact) => artifact.name).join(', ') || 'none';
  if (name === undefined && artifacts.length !== 1) {
    throw new ArtifactRefused(
      `the action has ${artifacts.length} ${direction} artifacts (${names}); name the one you mean`,
    );
  }
  const found = name === undefined ? artifacts[0] : artifacts.find((artifact) => artifact.name === name);
  if (!found) throw new ArtifactRefused(`the action has no ${direction} artifact "${name}"; it has: ${names}`);
  return found;
}

/**
 * Unpacks a zip in memory. Refuses paths that leave the artifact, more files or bytes than the limits (before anything past them
 * is unpacked), and content that has another size or checksum than the zip declares.
 * @throws ArtifactRefused
 */
export async function unpack(zip: Uint8Array, limits: ArtifactLimits = defaultArtifactLimits): Promise<ArtifactFiles> {
  const files = new Map<string, Uint8Array>();
  let unpackedBytes = 0;
  try {
    for await (const { path, sizeBytes, content } of filesOfZip(zip)) {
      unpackedBytes += sizeBytes;
      refuseExcess({ unpackedBytes, fileCount: files.size + 1 }, limits);
      if (path === '') throw new ArtifactRefused('the artifact holds a file without a name; pack it again');
      if (files.has(path))
        throw new ArtifactRefused(
          `the artifact holds ${JSON.stringify(path)} twice; which of them is meant is not clear`,
        );
      files.set(path, await content());
    }
  } catch (cause) {
    if (cause instanceof ArtifactRefused) throw cause;
    const problem = messageOf(cause).slice(0, 200);
    if (/^(invalid relative path|absolute path|invalid characters in fileName)/.test(problem))
      throw new ArtifactRefused(
        `the artifact holds a path that leaves its folder (${problem}); pack relative paths with "/" between folders`,
        { cause },
      );
    throw new ArtifactRefused(
      `the artifact is not a zip that can be read (${problem}); CodePipeline artifacts are zips`,
      {
        cause,
      },
    );
  }
  return files;
}

function refuseExcess(found: Omit<ArtifactLimits, 'zipBytes'>, limits: ArtifactLimits): void {
  if (found.unpackedBytes > limits.unpackedBytes)
    throw new ArtifactRefused(`the artifact unpacks to more than ${limits.unpackedBytes} bytes`);
  if (found.fileCount > limits.fileCount)
    throw new ArtifactRefused(`the artifact holds more than ${limits.fileCount} files`);
}

/**
 * Zips files; the same files make the same bytes (entries sorted, times fixed).
 * @throws ArtifactRefused for a file of the name `__proto__`, which the zip library's object of files would swallow
 */
export function pack(files: ArtifactFiles): Uint8Array {
  if (files.has('__proto__'))
    throw new ArtifactRefused('an artifact cannot hold a file "__proto__"; name it otherwise');
  const sorted = [...files].sort(([left], [right]) => (left < right ? -1 : 1));
  // Zip times begin in 1980; a fixed one keeps the bytes stable.
  return zipSync(Object.fromEntries(sorted), { level: 6, mtime: new Date('1980-01-02T00:00:00Z') });
}
