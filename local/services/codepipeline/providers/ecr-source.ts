import { strToU8, zipSync } from 'fflate';
import { writeArtifact } from './artifact-store.ts';
import { failed, type ActionOutcome, type ActionProvider, type ActionRun } from './provider.ts';
import { serviceFailure } from './service-failure.ts';

/**
 * Source, ECR: there is no registry here. The image is the one that the start asks for by its digest, else the newest that an
 * `ECR Image Action` event on the default bus has told of; the artifact holds its `imageDetail.json`.
 */
export const ecrSource: ActionProvider = {
  type: { category: 'Source', owner: 'AWS', provider: 'ECR', version: '1' },
  inputs: { min: 0, max: 0 },
  outputs: { min: 1, max: 1 },
  configuration: { RepositoryName: 'required', ImageTag: 'optional' },
  revisionTypes: ['IMAGE_DIGEST'],
  start: fetchImage,
};

async function fetchImage(run: ActionRun): Promise<ActionOutcome> {
  const { RepositoryName: repository = '', ImageTag: tag = 'latest' } = run.configuration;
  const asked = run.sourceRevisions.find((revision) => revision.revisionType === 'IMAGE_DIGEST')?.revisionValue;
  const digest = asked ?? run.surroundings.pushedImage(repository, tag);
  if (digest === undefined) {
    const message = `No push of ${repository}:${tag} has been told of; deliver an 'ECR Image Action' event, or give an IMAGE_DIGEST`;
    return failed('RevisionUnavailable', message);
  }
  const uri = `${run.account}.dkr.ecr.${run.region}.amazonaws.com/${repository}@${digest}`;
  const [artifact] = run.outputArtifacts;
  if (!artifact) throw new Error('a source action without its output artifact was not refused');
  try {
    await writeArtifact(
      run,
      artifact,
      zipSync({ 'imageDetail.json': strToU8(imageDetail(run, { repository, tag, digest, uri })) }),
    );
  } catch (error) {
    return serviceFailure(error, 'ConfigurationError', `The artifact store ${artifact.bucket} cannot be written`);
  }
  const outputVariables = {
    RegistryId: run.account,
    RepositoryName: repository,
    ImageTag: tag,
    ImageDigest: digest,
    ImageURI: uri,
  };
  return { kind: 'succeeded', output: { outputVariables }, revision: { revisionId: digest } };
}

/** The file as the User Guide shows it ("Image definitions file reference", imageDetail.json). */
function imageDetail(
  { account }: ActionRun,
  { repository, tag, digest, uri }: { repository: string; tag: string; digest: string; uri: string },
): string {
  return JSON.stringify({
    RegistryId: account,
    RepositoryName: repository,
    ImageTags: [tag],
    ImageDigest: digest,
    ImageURI: uri,
  });
}
