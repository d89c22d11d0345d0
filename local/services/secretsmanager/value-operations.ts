import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { Operations } from '../../gateway/service.ts';
import type { CloudContext } from '../service-module.ts';
import { invalidParameter, invalidRequest, notFound } from './errors.ts';
import type { Secret, Secrets, SecretVersion } from './secrets.ts';
import { addVersion, checkStages, currentStage, moveStage, readValue, refuseDeleted } from './versions.ts';

/** GetSecretValue, PutSecretValue, UpdateSecretVersionStage. */
export function valueOperations(context: CloudContext, secrets: Secrets): Operations<SecretsManager> {
  const { store, clock } = context;
  return {
    GetSecretValue(input) {
      const secret = refuseDeleted(secrets.get(input.SecretId ?? ''));
      const { versionId, value, stages, createdAtMs } = chooseVersion(secrets, secret, input);
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: versionId,
        ...('text' in value ? { SecretString: value.text } : { SecretBinary: value.bytes }),
        VersionStages: [...stages],
        CreatedDate: new Date(createdAtMs),
      };
    },
    PutSecretValue(input) {
      const value = readValue(input);
      if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
      const stages = checkStages(input.VersionStages ?? [currentStage]);
      return store.transaction(() => {
        const secret = refuseDeleted(secrets.get(input.SecretId ?? ''));
        const atMs = clock.nowMs();
        const versionId = addVersion(secrets, secret, { value, token: input.ClientRequestToken, stages, atMs });
        secrets.save({ ...secret, changedAtMs: atMs });
        const version = secrets.findVersion(secret.arn, versionId);
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: versionId,
          VersionStages: [...(version?.stages ?? [])],
        };
      });
    },
    UpdateSecretVersionStage(input) {
      return store.transaction(() => {
        const secret = refuseDeleted(secrets.get(input.SecretId ?? ''));
        changeStage(secrets, secret, {
          stage: checkStages([input.VersionStage ?? ''])[0] ?? '',
          from: input.RemoveFromVersionId,
          to: input.MoveToVersionId,
        });
        secrets.save({ ...secret, changedAtMs: clock.nowMs() });
        return { ARN: secret.arn, Name: secret.name };
      });
    },
  };
}

function chooseVersion(
  secrets: Secrets,
  secret: Secret,
  asked: { readonly VersionId?: string | undefined; readonly VersionStage?: string | undefined },
): SecretVersion {
  const { VersionId: versionId, VersionStage: stage } = asked;
  if (versionId === undefined) {
    const label = stage ?? currentStage;
    const labelled = secrets.findByStage(secret.arn, label);
    if (!labelled) throw notFound(`the specified secret value for staging label: ${label}`);
    return labelled;
  }
  const version = secrets.findVersion(secret.arn, versionId);
  if (!version) throw notFound(`the specified secret value for VersionId: ${versionId}`);
  if (stage === undefined || version.stages.includes(stage)) return version;
  throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
}

interface StageChange {
  readonly stage: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A label moves only if the caller knows where it is now. */
function changeStage(secrets: Secrets, secret: Secret, { stage, from, to }: StageChange): void {
  if (from === undefined && to === undefined) {
    throw invalidParameter('You must provide MoveToVersionId, RemoveFromVersionId or both.');
  }
  for (const versionId of [from, to]) {
    if (versionId !== undefined && !secrets.findVersion(secret.arn, versionId)) {
      throw notFound(`the specified secret value for VersionId: ${versionId}`);
    }
  }
  const holder = secrets.findByStage(secret.arn, stage)?.versionId;
  if (from !== undefined && from !== holder) {
    throw invalidParameter(`The staging label ${stage} isn't currently attached to version ${from}.`);
  }
  if (to === undefined) {
    if (stage === currentStage) throw invalidParameter(`You can't remove ${currentStage}: move it to another version.`);
    return secrets.removeStage(secret.arn, stage);
  }
  if (holder !== undefined && holder !== to && from === undefined) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  moveStage(secrets, secret.arn, stage, to);
}
