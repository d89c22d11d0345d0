import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';
import { AwsError } from '../../errors.ts';
import type { Secrets } from './secrets.ts';

/** What each operation of Secrets Manager needs. A secret that is asked for by its name is meant by its whole ARN. */
export function secretsManagerPermissions(place: Place, secrets: Secrets): PermissionTable<SecretsManager> {
  const anywhere = (action: string) => (): Permission => ({ action: `secretsmanager:${action}`, resource: '*' });
  const onSecret =
    (action: string) =>
    ({ SecretId: id = '' }: { SecretId?: string | undefined }): Permission => ({
      action: `secretsmanager:${action}`,
      resource:
        arnOf(id, secrets) ?? (id.startsWith('arn:') ? id : `${arnPrefix('secretsmanager', place)}secret:${id}`),
    });
  return {
    CreateSecret: ({ Name: name }) => onSecret('CreateSecret')({ SecretId: name }),
    UpdateSecret: onSecret('UpdateSecret'),
    TagResource: onSecret('TagResource'),
    UntagResource: onSecret('UntagResource'),
    DescribeSecret: onSecret('DescribeSecret'),
    ListSecrets: anywhere('ListSecrets'),
    ListSecretVersionIds: onSecret('ListSecretVersionIds'),
    GetRandomPassword: anywhere('GetRandomPassword'),
    GetSecretValue: onSecret('GetSecretValue'),
    PutSecretValue: onSecret('PutSecretValue'),
    UpdateSecretVersionStage: onSecret('UpdateSecretVersionStage'),
    DeleteSecret: onSecret('DeleteSecret'),
    RestoreSecret: onSecret('RestoreSecret'),
    PutResourcePolicy: onSecret('PutResourcePolicy'),
    GetResourcePolicy: onSecret('GetResourcePolicy'),
    DeleteResourcePolicy: onSecret('DeleteResourcePolicy'),
  };
}

/** The policy that stands on a secret. */
export function secretPolicyOf(secrets: Secrets): (arn: string) => string | undefined {
  return (arn) => find(arn, secrets)?.policy;
}

function arnOf(id: string, secrets: Secrets): string | undefined {
  return find(id, secrets)?.arn;
}

function find(id: string, secrets: Secrets): ReturnType<Secrets['get']> | undefined {
  try {
    return secrets.get(id);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
