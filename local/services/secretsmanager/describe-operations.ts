import type { DescribeSecretCommandOutput, SecretsManager } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { validation } from './errors.ts';
import { readFilter } from './filters.ts';
import { randomPassword } from './password.ts';
import type { Secret, Secrets } from './secrets.ts';

const maxListed = 100;

/** DescribeSecret, ListSecrets, ListSecretVersionIds, GetRandomPassword. */
export function describeOperations(secrets: Secrets): Operations<SecretsManager> {
  return {
    DescribeSecret: (input) => {
      const secret = secrets.get(input.SecretId ?? '');
      return { ...described(secret), VersionIdsToStages: stagesOf(secrets, secret) };
    },
    ListSecrets(input) {
      const { MaxResults: limit = maxListed, NextToken, SortOrder } = input;
      if (limit < 1 || limit > maxListed)
        throw validation(`MaxResults must be between 1 and ${maxListed}; got ${limit}.`);
      const passes = readFilter(input.Filters);
      const found = secrets
        .list()
        .filter((secret) => (input.IncludePlannedDeletion || !secret.deletion) && passes(secret));
      // AWS lists the newest first unless it is asked for another order.
      if (input.SortBy !== 'name') found.sort((a, b) => a.createdAtMs - b.createdAtMs);
      if (SortOrder !== 'asc') found.reverse();
      const start = NextToken === undefined ? 0 : startAfter(found, NextToken);
      const listed = found.slice(start, start + limit);
      return {
        SecretList: listed.map((secret) => ({
          ...described(secret),
          SecretVersionsToStages: stagesOf(secrets, secret),
        })),
        ...(start + limit < found.length && { NextToken: toToken(listed.at(-1)?.arn ?? '') }),
      };
    },
    ListSecretVersionIds(input) {
      const secret = secrets.get(input.SecretId ?? '');
      const versions = secrets.versions(secret.arn);
      const listed = versions.filter(({ stages }) => input.IncludeDeprecated || stages.length > 0);
      return {
        ARN: secret.arn,
        Name: secret.name,
        Versions: listed.map(({ versionId, stages, createdAtMs }) => ({
          VersionId: versionId,
          VersionStages: [...stages],
          CreatedDate: new Date(createdAtMs),
        })),
      };
    },
    GetRandomPassword: (input) => ({ RandomPassword: randomPassword(input) }),
  };
}

function described(secret: Secret): Omit<DescribeSecretCommandOutput, '$metadata'> {
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description !== undefined && { Description: secret.description }),
    ...(secret.kmsKeyId !== undefined && { KmsKeyId: secret.kmsKeyId }),
    LastChangedDate: new Date(secret.changedAtMs),
    CreatedDate: new Date(secret.createdAtMs),
    ...(secret.deletion && { DeletedDate: new Date(secret.deletion.markedAtMs) }),
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function stagesOf(secrets: Secrets, secret: Secret): Record<string, string[]> {
  const labelled = secrets.versions(secret.arn).filter(({ stages }) => stages.length > 0);
  return Object.fromEntries(labelled.map(({ versionId, stages }) => [versionId, [...stages]]));
}

function toToken(arn: string): string {
  return Buffer.from(arn).toString('base64');
}

function startAfter(found: readonly Secret[], token: string): number {
  const last = Buffer.from(token, 'base64').toString();
  const index = found.findIndex(({ arn }) => arn === last);
  if (index < 0) throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  return index + 1;
}
