import type { ArtifactRevision } from '../records/artifacts.ts';
import type { SourceRevisionRequest } from '../records/executions.ts';
import { readObject, writeArtifact, type ReadObject } from './artifact-store.ts';
import { failed, type ActionOutcome, type ActionProvider, type ActionRun } from './provider.ts';
import { serviceFailure } from './service-failure.ts';
import { pollingProblem } from './polling.ts';
import { isZip } from './zip.ts';

/** Source, S3: takes one version of one object, a zip, into the artifact store. */
export const s3Source: ActionProvider = {
  type: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
  inputs: { min: 0, max: 0 },
  outputs: { min: 1, max: 1 },
  configuration: {
    S3Bucket: 'required',
    S3ObjectKey: 'required',
    PollForSourceChanges: 'optional',
    AllowOverrideForS3ObjectKey: 'optional',
  },
  revisionTypes: ['S3_OBJECT_VERSION_ID', 'S3_OBJECT_KEY'],
  check: ({ configuration }) => pollingProblem(configuration),
  start: fetchSource,
};

async function fetchSource(run: ActionRun): Promise<ActionOutcome> {
  const source = sourceOf(run);
  const place = `s3://${source.bucket}/${source.key}${source.versionId ? ` version ${source.versionId}` : ''}`;
  let object: ReadObject;
  try {
    object = await readObject(run, source);
  } catch (error) {
    return serviceFailure(error, 'RevisionUnavailable', `The source ${place} cannot be read`);
  }
  const { versionId, eTag = '' } = object;
  if (versionId === undefined || versionId === 'null') {
    return failed(
      'ConfigurationError',
      `The bucket ${source.bucket} keeps no versions; a source bucket must be versioned`,
    );
  }
  if (!isZip(object.bytes)) return failed('ConfigurationError', `The source ${place} is not a zip file`);
  const [artifact] = run.outputArtifacts;
  if (!artifact) throw new Error('a source action without its output artifact was not refused');
  try {
    await writeArtifact(run, artifact, object.bytes);
  } catch (error) {
    return serviceFailure(error, 'ConfigurationError', `The artifact store ${artifact.bucket} cannot be written`);
  }
  const revision = revisionOf(run, source, { ...object, versionId });
  return {
    kind: 'succeeded',
    output: { summary: revision.summary ?? '', outputVariables: { ETag: eTag, VersionId: versionId } },
    revision,
  };
}

function sourceOf({ configuration, sourceRevisions }: ActionRun): { bucket: string; key: string; versionId?: string } {
  const asked = (type: SourceRevisionRequest['revisionType']): string | undefined =>
    sourceRevisions.find((revision) => revision.revisionType === type)?.revisionValue;
  const versionId = asked('S3_OBJECT_VERSION_ID');
  return {
    bucket: configuration['S3Bucket'] ?? '',
    key: asked('S3_OBJECT_KEY') ?? configuration['S3ObjectKey'] ?? '',
    ...(versionId !== undefined && { versionId }),
  };
}

function revisionOf(
  { region }: ActionRun,
  { bucket, key }: { bucket: string; key: string },
  { versionId, eTag, metadata, modifiedMs }: ReadObject & { versionId: string },
): ArtifactRevision {
  return {
    revisionId: versionId,
    summary: metadata['codepipeline-artifact-revision-summary'] ?? `Amazon S3 version id: ${versionId}`,
    url: `https://console.aws.amazon.com/s3/object/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`,
    ...(eTag !== undefined && { changeIdentifier: eTag }),
    ...(modifiedMs !== undefined && { createdMs: modifiedMs }),
  };
}
