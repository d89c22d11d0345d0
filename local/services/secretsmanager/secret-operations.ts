import type { SecretsManager, Tag } from '@aws-sdk/client-secrets-manager';
import { notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { CloudContext } from '../service-module.ts';
import { checkDescription, createSecret } from './create-secret.ts';
import type { Secret, Secrets } from './secrets.ts';
import { addVersion, currentStage, readValue, refuseDeleted } from './versions.ts';

/** CreateSecret, UpdateSecret, and the tags of secrets. */
export function secretOperations(context: CloudContext, secrets: Secrets): Operations<SecretsManager> {
  const { store, clock } = context;
  return {
    CreateSecret(input) {
      if (input.AddReplicaRegions && input.AddReplicaRegions.length > 0) {
        throw notSupportedLocally('replication of secrets to other regions');
      }
      const asked = {
        name: input.Name ?? '',
        description: input.Description,
        kmsKeyId: input.KmsKeyId,
        tags: tagsOf(input.Tags),
        value: readValue(input),
        token: input.ClientRequestToken,
      };
      const { secret, versionId } = store.transaction(() => createSecret(context, secrets, asked));
      return { ARN: secret.arn, Name: secret.name, ...(versionId !== undefined && { VersionId: versionId }) };
    },
    UpdateSecret(input) {
      const value = readValue(input);
      return store.transaction(() => {
        const secret = refuseDeleted(secrets.get(input.SecretId ?? ''));
        const atMs = clock.nowMs();
        const changed: Secret = {
          ...secret,
          ...(input.Description !== undefined && { description: checkDescription(input.Description) }),
          ...(input.KmsKeyId !== undefined && { kmsKeyId: input.KmsKeyId }),
          changedAtMs: atMs,
        };
        secrets.save(changed);
        const named = { ARN: secret.arn, Name: secret.name };
        if (!value) return named;
        const version = { value, token: input.ClientRequestToken, stages: [currentStage], atMs };
        return { ...named, VersionId: addVersion(secrets, changed, version) };
      });
    },
    TagResource(input) {
      store.transaction(() => {
        const secret = refuseDeleted(secrets.get(input.SecretId ?? ''));
        secrets.save({ ...secret, tags: { ...secret.tags, ...tagsOf(input.Tags) } });
      });
      return {};
    },
    UntagResource(input) {
      store.transaction(() => {
        const secret = refuseDeleted(secrets.get(input.SecretId ?? ''));
        const left = Object.entries(secret.tags).filter(([key]) => !input.TagKeys?.includes(key));
        secrets.save({ ...secret, tags: Object.fromEntries(left) });
      });
      return {};
    },
  };
}

function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}
