import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { isJsonObject } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import type { Secret, Secrets } from './secrets.ts';
import { refuseDeleted } from './versions.ts';

/** PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy: policies are kept and told, not evaluated. */
export function policyOperations(context: CloudContext, secrets: Secrets): Operations<SecretsManager> {
  const { store } = context;
  return {
    PutResourcePolicy(input) {
      const policy = checkPolicy(input.ResourcePolicy ?? '');
      const secret = store.transaction(() => setPolicy(secrets, input.SecretId ?? '', policy));
      return { ARN: secret.arn, Name: secret.name };
    },
    GetResourcePolicy(input) {
      const secret = refuseDeleted(secrets.get(input.SecretId ?? ''));
      return {
        ARN: secret.arn,
        Name: secret.name,
        ...(secret.policy !== undefined && { ResourcePolicy: secret.policy }),
      };
    },
    DeleteResourcePolicy(input) {
      const secret = store.transaction(() => setPolicy(secrets, input.SecretId ?? '', undefined));
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}

/** Puts a policy on a secret or, with undefined, takes it off, inside the open transaction. */
export function setPolicy(secrets: Secrets, secretId: string, policy: string | undefined): Secret {
  const changed = { ...refuseDeleted(secrets.get(secretId)), policy };
  secrets.save(changed);
  return changed;
}

/** A policy must be a JSON object with statements. @throws AwsError `MalformedPolicyDocumentException` */
export function checkPolicy(document: string): string {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    policy = undefined;
  }
  if (isJsonObject(policy) && policy['Statement'] !== undefined) return document;
  throw new AwsError(
    'MalformedPolicyDocumentException',
    'This resource policy contains a syntax error: it must be a JSON object with a Statement.',
  );
}
