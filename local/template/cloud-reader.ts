import { AwsError, LocalCloudError } from '../errors.ts';
import { servicePrincipal } from '../gateway/principal.ts';
import type { Gateway } from '../gateway/service.ts';
import { isJsonObject } from '../json.ts';

/** The calls that resolving a template makes. */
export type CloudReader = Pick<Gateway, 'handle'>;

/** The value of an SSM parameter, by name or `name:version`. */
export async function readSsmParameter(name: string, where: string, reader: CloudReader): Promise<string> {
  const answer = await read({ service: 'ssm', operation: 'GetParameter', input: { Name: name } }, where, reader);
  const parameter = isRecord(answer) ? answer['Parameter'] : undefined;
  const value = isRecord(parameter) ? parameter['Value'] : undefined;
  if (typeof value === 'string') return value;
  throw new LocalCloudError(`${where}: the SSM parameter ${name} has no text`);
}

/** The text of a secret, or one field of its JSON. */
export async function readSecret(
  secret: { id: string; jsonKey?: string; versionStage?: string; versionId?: string },
  where: string,
  reader: CloudReader,
): Promise<string> {
  const input = {
    SecretId: secret.id,
    ...(secret.versionStage ? { VersionStage: secret.versionStage } : {}),
    ...(secret.versionId ? { VersionId: secret.versionId } : {}),
  };
  const answer = await read({ service: 'secretsmanager', operation: 'GetSecretValue', input }, where, reader);
  const text = isRecord(answer) ? answer['SecretString'] : undefined;
  if (typeof text !== 'string') throw new LocalCloudError(`${where}: the secret ${secret.id} has no text`);
  return secret.jsonKey ? jsonField(text, secret.jsonKey, where) : text;
}

function jsonField(text: string, key: string, where: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LocalCloudError(`${where}: the secret is not JSON, so it has no field ${key}`);
  }
  const field = isJsonObject(value) ? value[key] : undefined;
  if (field === undefined) throw new LocalCloudError(`${where}: the secret's JSON has no field ${key}`);
  return typeof field === 'string' ? field : JSON.stringify(field);
}

async function read(request: Parameters<CloudReader['handle']>[0], where: string, reader: CloudReader) {
  try {
    return await reader.handle(request, servicePrincipal('cloudformation.amazonaws.com'));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new LocalCloudError(
      `${where}: ${request.service} ${request.operation} failed: ${error.code}: ${error.message}`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
