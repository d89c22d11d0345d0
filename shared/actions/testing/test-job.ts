import type { ArtifactFiles, ArtifactStorage } from '../artifacts.ts';
import { pack, unpack } from '../job-artifacts.ts';
import type { Job, JobContext } from '../runner/job-event.ts';

/** What a job for a test is made of; everything has a default. */
export interface TestJobOptions {
  readonly id?: string;
  /** The parameters as the pipeline would pass them. */
  readonly parameters?: unknown;
  /** Replaces the whole UserParameters text. */
  readonly userParameters?: string;
  readonly context?: JobContext;
  /** Input artifacts by name: files, path to text or bytes. */
  readonly inputs?: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;
  /** Names of the output artifacts. */
  readonly outputs?: readonly string[];
  readonly continuationToken?: string;
  /** Whether the action is one of a custom action type, whose jobs a worker is given. */
  readonly isOfWorker?: boolean;
  /** What Parameter Store holds, by name. */
  readonly stored?: Readonly<Record<string, string>>;
}

/** The event with which CodePipeline would invoke the action's function. */
export function testJobEvent(options: TestJobOptions = {}): { readonly 'CodePipeline.job': Job } {
  const location = (name: string): Job['data']['inputArtifacts'][number] => ({
    name,
    location: { s3Location: { bucketName: 'test-artifacts', objectKey: `test/${name}` } },
  });
  const userParameters =
    options.userParameters ??
    JSON.stringify({ parameters: options.parameters ?? {}, ...(options.context && { context: options.context }) });
  return {
    'CodePipeline.job': {
      id: options.id ?? '11111111-abcd-1111-abcd-111111abcdef',
      accountId: '123456789012',
      ...(options.isOfWorker && { isOfWorker: true }),
      data: {
        actionConfiguration: { configuration: { FunctionName: 'test', UserParameters: userParameters } },
        inputArtifacts: Object.keys(options.inputs ?? {}).map(location),
        outputArtifacts: (options.outputs ?? []).map(location),
        artifactCredentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: 'test' },
        ...(options.continuationToken !== undefined && { continuationToken: options.continuationToken }),
      },
    },
  };
}

/** Artifacts in memory. */
export function memoryArtifacts(
  inputs: NonNullable<TestJobOptions['inputs']>,
  uploaded: Map<string, ArtifactFiles>,
): ArtifactStorage {
  return {
    async download({ name }) {
      const files = Object.entries(inputs[name] ?? {}).map(([path, content]): [string, Uint8Array] => [
        path,
        typeof content === 'string' ? new TextEncoder().encode(content) : content,
      ]);
      return pack(new Map(files));
    },
    async upload({ name }, zip) {
      uploaded.set(name, await unpack(zip));
    },
  };
}
