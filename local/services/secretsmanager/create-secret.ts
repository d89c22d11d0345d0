import { randomInt } from 'node:crypto';
import type { CloudContext } from '../service-module.ts';
import { exists, invalidRequest, validation } from './errors.ts';
import type { Secret, Secrets, SecretValue } from './secrets.ts';
import { addVersion, currentStage, isSame } from './versions.ts';

/** What a secret is made of. */
export interface NewSecret {
  readonly name: string;
  readonly description?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent: the secret is made without a version. */
  readonly value: SecretValue | undefined;
  readonly token?: string | undefined;
}

/**
 * Makes a secret, inside the open transaction. Asking again with the same token and value is asking once.
 * @throws AwsError `ResourceExistsException`, `InvalidRequestException`, `ValidationException`
 */
export function createSecret(
  context: CloudContext,
  secrets: Secrets,
  asked: NewSecret,
): { secret: Secret; versionId?: string } {
  checkName(asked.name);
  const existing = secrets.findByName(asked.name);
  if (existing) return repeated(secrets, existing, asked);
  const atMs = context.clock.nowMs();
  const secret: Secret = {
    arn: secretArn(context, asked.name),
    name: asked.name,
    ...(asked.description && { description: checkDescription(asked.description) }),
    ...(asked.kmsKeyId && { kmsKeyId: asked.kmsKeyId }),
    tags: asked.tags,
    createdAtMs: atMs,
    changedAtMs: atMs,
  };
  secrets.save(secret);
  if (!asked.value) return { secret };
  const version = { value: asked.value, token: asked.token, stages: [currentStage], atMs };
  return { secret, versionId: addVersion(secrets, secret, version) };
}

/** A new ARN: the name, a hyphen and six random characters, so that a name used again is another secret. */
export function secretArn({ region, account }: CloudContext, name: string): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${randomSuffix()}`;
}

/** At most 2,048 characters. */
export function checkDescription(description: string): string {
  if (description.length <= 2048) return description;
  throw validation(`Description must have at most 2048 characters; got ${description.length}.`);
}

function repeated(secrets: Secrets, existing: Secret, asked: NewSecret): { secret: Secret; versionId: string } {
  if (existing.deletion) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const version = asked.token === undefined ? undefined : secrets.findVersion(existing.arn, asked.token);
  if (version && asked.value && isSame(version.value, asked.value)) {
    return { secret: existing, versionId: version.versionId };
  }
  throw exists(`The operation failed because the secret ${asked.name} already exists.`);
}

function checkName(name: string): void {
  if (/^[\w/+=.@!-]{1,512}$/.test(name)) return;
  throw validation(
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function randomSuffix(): string {
  return Array.from({ length: 6 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
