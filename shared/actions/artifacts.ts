import { SlipwayError } from '../errors.ts';
import type { ArtifactLocation } from './runner/job-event.ts';

/** The files of an artifact: path with `/` to content. */
export type ArtifactFiles = ReadonlyMap<string, Uint8Array>;

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
