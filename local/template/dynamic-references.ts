import { LocalCloudError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { readSecret, readSsmParameter, type CloudReader } from './cloud-reader.ts';

const pattern = /\{\{resolve:([^:}]+):([^}]+)\}\}/g;

/**
 * Replaces every `{{resolve:service:…}}` below `properties` by the value it names. What is recorded of a resource keeps
 * the reference, so that no secret is written down and a rotated one changes nothing, as in CloudFormation.
 */
export async function resolveDynamicReferences(
  properties: JsonObject,
  where: string,
  reader: CloudReader,
): Promise<JsonObject> {
  const resolved = await resolveValue(properties, where, reader);
  // An object stays an object.
  return resolved as JsonObject;
}

async function resolveValue(value: Json, path: string, reader: CloudReader): Promise<Json> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? resolveText(value, path, reader) : value;
  if (Array.isArray(value)) {
    return Promise.all(value.map((element, index) => resolveValue(element, `${path}[${index}]`, reader)));
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(
    async ([key, member]) => [key, await resolveValue(member, `${path}.${key}`, reader)] as const,
  );
  return Object.fromEntries(await Promise.all(members));
}

async function resolveText(text: string, path: string, reader: CloudReader): Promise<string> {
  let resolved = '';
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, service = '', reference = ''] = match;
    resolved += text.slice(from, match.index) + (await resolveReference(service, reference, path, reader));
    from = match.index + whole.length;
  }
  return resolved + text.slice(from);
}

function resolveReference(service: string, reference: string, path: string, reader: CloudReader): Promise<string> {
  if (service === 'ssm' || service === 'ssm-secure') return readSsmParameter(reference, path, reader);
  if (service === 'secretsmanager') return readSecret(parseSecretReference(reference), path, reader);
  throw new LocalCloudError(
    `${path}: the dynamic reference {{resolve:${service}:…}} is not known; known: ssm, ssm-secure, secretsmanager`,
  );
}

/** `secret-id:SecretString:json-key:version-stage:version-id`, where the id may be an ARN of seven parts. */
function parseSecretReference(reference: string): Parameters<typeof readSecret>[0] {
  const parts = reference.split(':');
  const idParts = parts[0] === 'arn' ? 7 : 1;
  const [, jsonKey, versionStage, versionId] = parts.slice(idParts);
  return {
    id: parts.slice(0, idParts).join(':'),
    ...(jsonKey ? { jsonKey } : {}),
    ...(versionStage ? { versionStage } : {}),
    ...(versionId ? { versionId } : {}),
  };
}
