import { zipSync } from 'fflate';
import { messageOf, SlipwayError } from '../errors.ts';
import type { ArtifactLocation, Job } from './job-event.ts';
import { filesOfZip } from './zip.ts';

/** The files of an artifact: path with `/` to content. */
export type ArtifactFiles = ReadonlyMap<string, Uint8Array>;

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

/** An artifact that is absent, no zip, or refused for what it holds. */
export class ArtifactRefused extends SlipwayError {
  override readonly name = 'ArtifactRefused';
  override readonly kind = 'invalid';
}

/** Reads and writes artifacts with the credentials and the key of one job. */
export interface ArtifactStorage {
  /** @throws ArtifactRefused if the object is larger than `maxBytes` */
  download(location: ArtifactLocation, maxBytes: number): Promise<Uint8Array>;
  upload(location: ArtifactLocation, zip: Uint8Array): Promise<void>;
}

/** The storage of a job that came without credentials for artifacts: its pipeline gives the action none. */
export const noArtifacts: ArtifactStorage = {
  download: ({ name }) =>
    Promise.reject(new ArtifactRefused(`the job has no credentials to read artifact ${name} with`)),
  upload: ({ name }) =>
    Promise.reject(new ArtifactRefused(`the job has no credentials to write artifact ${name} with`)),
};

/** The artifacts of an action, by the names that the pipeline gives them. */
export interface Artifacts {
  /**
   * Downloads and unpacks an input artifact; without a name, the only one.
   * @throws ArtifactRefused if the name is not an input, or the zip is not safe to unpack
   */
  read(name?: string): Promise<ArtifactFiles>;
  /**
   * Zips and uploads an output artifact; without a name, the only one.
   * @throws ArtifactRefused if the name is not an output
   */
  write(files: ArtifactFiles, name?: string): Promise<void>;
  /** Names of the output artifacts that the pipeline asks for. */
  readonly outputs: readonly string[];
}

/** The artifacts of an action that declares none: without them its bundle has neither a zip library nor an S3 client. */
export const undeclaredArtifacts: Artifacts = {
  outputs: [],
  read: () => Promise.reject(new ArtifactRefused('the action declares no input artifacts; declare them to read one')),
  write: () =>
    Promise.reject(new ArtifactRefused('the action declares no output artifacts; declare them to write one')),
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
      if (files.has(path))
        throw new ArtifactRefused(
          `the artifact holds ${JSON.stringify(path)} twice; which of them is meant is not clear`,
        );
      files.set(path, await content());
    }
  } catch (cause) {
    if (cause instanceof ArtifactRefused) throw cause;
    const problem = messageOf(cause).slice(0, 200);
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
