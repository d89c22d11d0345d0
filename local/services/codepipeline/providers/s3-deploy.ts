import { contentTypeOf } from './content-types.ts';
import { readObject } from './artifact-store.ts';
import { failed, type ActionOutcome, type ActionProvider, type ActionRun, type FailedOutcome } from './provider.ts';
import { serviceFailure } from './service-failure.ts';
import { unpackZip, ZipRefusedError, type ZippedFile } from './zip.ts';

const cannedAcls = [
  'bucket-owner-full-control',
  'bucket-owner-read',
  'authenticated-read',
  'aws-exec-read',
  'private',
  'public-read',
  'public-read-write',
];

/** What a laptop unpacks at most; AWS names no figure for the files of an artifact. */
const limits = { maxFiles: 20_000, maxBytes: 512 * 1024 * 1024 };

/** Deploy, S3: puts the input artifact, or with `Extract` every file in it, into a bucket. Nothing there is deleted. */
export const s3Deploy: ActionProvider = {
  type: { category: 'Deploy', owner: 'AWS', provider: 'S3', version: '1' },
  inputs: { min: 1, max: 1 },
  outputs: { min: 0, max: 0 },
  configuration: {
    BucketName: 'required',
    Extract: 'required',
    ObjectKey: 'optional',
    KMSEncryptionKeyARN: 'optional',
    CannedACL: 'optional',
    CacheControl: 'optional',
  },
  check({ configuration: { Extract: extract = '', ObjectKey: key, CannedACL: acl } }) {
    if (!['true', 'false'].includes(extract)) return `must set Extract to 'true' or 'false', not '${extract}'`;
    if (extract === 'false' && key === undefined) return `must name an ObjectKey, because Extract is 'false'`;
    if (acl === undefined || acl.includes('#{') || cannedAcls.includes(acl)) return undefined;
    return `must set CannedACL to one of ${cannedAcls.join(', ')}, not '${acl}'`;
  },
  timeLimit: () => ({ ms: 90 * 60 * 1000, message: 'The deployment has not ended within 90 minutes' }),
  start: deploy,
};

async function deploy(run: ActionRun): Promise<ActionOutcome> {
  const [artifact] = run.inputArtifacts;
  if (!artifact) throw new Error('a deploy action without its input artifact was not refused');
  const bucket = run.configuration['BucketName'] ?? '';
  try {
    const { bytes } = await readObject(run, artifact);
    const files = filesToPut(run, bytes);
    if (!Array.isArray(files)) return files;
    for (const file of files) await put(run, bucket, file);
    return { kind: 'succeeded', output: { summary: `Deployed ${files.length} object(s) to ${bucket}` } };
  } catch (error) {
    return serviceFailure(error, 'ConfigurationError', `The artifact ${artifact.name} cannot be deployed to ${bucket}`);
  }
}

/** The objects to write, by key. */
function filesToPut({ configuration, inputArtifacts }: ActionRun, zip: Uint8Array): ZippedFile[] | FailedOutcome {
  const key = configuration['ObjectKey'];
  if (configuration['Extract'] === 'false') return [{ path: key ?? '', bytes: zip }];
  try {
    const folder = key === undefined ? '' : `${key.replace(/\/$/, '')}/`;
    return unpackZip(zip, limits).map(({ path, bytes }) => ({ path: `${folder}${path}`, bytes }));
  } catch (error) {
    if (!(error instanceof ZipRefusedError)) throw error;
    return failed('ConfigurationError', `The artifact ${inputArtifacts[0]?.name} is refused: ${error.message}`);
  }
}

async function put({ call, configuration }: ActionRun, bucket: string, { path, bytes }: ZippedFile): Promise<void> {
  const { CannedACL: acl, CacheControl: cacheControl, KMSEncryptionKeyARN: keyArn } = configuration;
  await call('s3', 'PutObject', {
    Bucket: bucket,
    Key: path,
    Body: bytes,
    ContentType: contentTypeOf(path),
    ...(acl !== undefined && { ACL: acl }),
    ...(cacheControl !== undefined && { CacheControl: cacheControl }),
    ...(keyArn !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn }),
  });
}
