import { randomUUID } from 'node:crypto';
import { exists, invalidParameter, invalidRequest, validation } from './errors.ts';
import type { Secret, Secrets, SecretValue } from './secrets.ts';

const maxValueBytes = 65_536;
const maxStages = 20;

/** The label of the value that readers get. */
export const currentStage = 'AWSCURRENT';

/** The label of the value before it. */
const previousStage = 'AWSPREVIOUS';

/**
 * Reads the value of a request: text or bytes, or neither.
 * @throws AwsError `InvalidParameterException`, `ValidationException`
 */
export function readValue(input: {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}): SecretValue | undefined {
  const { SecretString: text, SecretBinary: bytes } = input;
  if (text !== undefined && bytes !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const size = text === undefined ? bytes?.length : Buffer.byteLength(text);
  if (size === undefined) return undefined;
  if (size < 1 || size > maxValueBytes) {
    throw validation(`A secret value must have 1 to ${maxValueBytes} bytes; got ${size}.`);
  }
  return text === undefined ? { bytes: bytes ?? new Uint8Array() } : { text };
}

/** A new version of a secret. */
export interface NewVersion {
  readonly value: SecretValue;
  /** The request's token becomes the version's id; asking twice with one token is asking once. */
  readonly token: string | undefined;
  readonly stages: readonly string[];
  readonly atMs: number;
}

/**
 * Adds a version and moves the labels to it, inside the open transaction; the first version always becomes current.
 * @throws AwsError `ResourceExistsException` when the token was used for another value
 */
export function addVersion(secrets: Secrets, secret: Secret, added: NewVersion): string {
  const versionId = readToken(added.token);
  const same = secrets.findVersion(secret.arn, versionId);
  if (same) {
    if (isSame(same.value, added.value)) return versionId;
    throw exists(
      `You can't use ClientRequestToken ${versionId} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const isFirst = secrets.versions(secret.arn).length === 0;
  secrets.addVersion(secret.arn, { versionId, value: added.value, createdAtMs: added.atMs });
  for (const stage of new Set([...added.stages, ...(isFirst ? [currentStage] : [])])) {
    moveStage(secrets, secret.arn, stage, versionId);
  }
  return versionId;
}

/** Points a label to a version; the version that AWSCURRENT leaves becomes AWSPREVIOUS. */
export function moveStage(secrets: Secrets, arn: string, stage: string, versionId: string): void {
  const left = stage === currentStage ? secrets.findByStage(arn, currentStage) : undefined;
  secrets.setStage(arn, stage, versionId);
  if (left && left.versionId !== versionId) secrets.setStage(arn, previousStage, left.versionId);
}

/** One to twenty labels of 1 to 256 characters. */
export function checkStages(stages: readonly string[]): readonly string[] {
  if (stages.length < 1 || stages.length > maxStages) {
    throw validation(`VersionStages must have 1 to ${maxStages} members; got ${stages.length}.`);
  }
  const wrong = stages.find((stage) => stage.length < 1 || stage.length > 256);
  if (wrong !== undefined) throw validation('A staging label must have 1 to 256 characters.');
  return stages;
}

/** @throws AwsError `InvalidRequestException` when the secret is marked for deletion */
export function refuseDeleted(secret: Secret): Secret {
  if (!secret.deletion) return secret;
  throw invalidRequest(
    "You can't perform this operation on the secret because it was marked for deletion. Restore it first.",
  );
}

/** Whether two values are the same. */
export function isSame(a: SecretValue, b: SecretValue): boolean {
  if ('text' in a) return 'text' in b && a.text === b.text;
  return 'bytes' in b && Buffer.compare(a.bytes, b.bytes) === 0;
}

function readToken(token: string | undefined): string {
  if (token === undefined) return randomUUID();
  if (token.length >= 32 && token.length <= 64) return token;
  throw invalidParameter('ClientRequestToken must be 32-64 characters long.');
}
