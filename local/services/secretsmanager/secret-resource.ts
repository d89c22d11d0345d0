import { createHash } from 'node:crypto';
import { notSupportedLocally } from '../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { Provisioned, ResourceType } from '../../template/resource.ts';
import type { CloudContext } from '../service-module.ts';
import { createSecret } from './create-secret.ts';
import { exists, validation } from './errors.ts';
import { generateSecretString, type SecretStringOptions } from './password.ts';
import type { Secret, Secrets, SecretValue } from './secrets.ts';
import { addVersion, currentStage, readValue } from './versions.ts';

const known = new Set(['Name', 'Description', 'KmsKeyId', 'SecretString', 'GenerateSecretString', 'Tags']);

/**
 * `AWS::SecretsManager::Secret`: `Ref` is the ARN. The value is made when the secret is, and made anew only when the
 * template's SecretString or GenerateSecretString changes, so that a value put by hand stays.
 */
export function secretResource(context: CloudContext, secrets: Secrets): ResourceType {
  const { store, clock } = context;
  const apply = (secret: Secret, properties: JsonObject): Provisioned => {
    const valueSource = sourceOf(properties);
    const value = valueSource === secret.valueSource ? undefined : makeValue(properties);
    secrets.save({ ...secret, ...describe(properties), valueSource });
    if (value) addVersion(secrets, secret, { value, token: undefined, stages: [currentStage], atMs: clock.nowMs() });
    return { physicalId: secret.arn, attributes: { Id: secret.arn } };
  };
  return {
    type: 'AWS::SecretsManager::Secret',
    replacedBy: ['Name'],
    create(properties, { logicalId, stackId, generateName }) {
      refuseUnknown(properties);
      const name = text(properties, 'Name') ?? generateName(512);
      const owner = `${stackId}/${logicalId}`;
      return store.transaction(() => {
        const existing = secrets.findByName(name);
        if (existing && existing.owner !== owner) {
          throw exists(
            `${logicalId}: the secret ${name} exists already and was not made by this resource; delete it or choose another Name.`,
          );
        }
        const secret = existing ?? createSecret(context, secrets, { name, tags: {}, value: undefined }).secret;
        return apply({ ...secret, owner }, properties);
      });
    },
    update(current, properties) {
      refuseUnknown(properties);
      return store.transaction(() => apply(secrets.get(current.physicalId), properties));
    },
    delete(current) {
      store.transaction(() => secrets.remove(current.physicalId));
    },
  };
}

function refuseUnknown(properties: JsonObject): void {
  const unknown = Object.keys(properties).find((name) => !known.has(name));
  if (unknown !== undefined) throw notSupportedLocally(`the property ${unknown} of AWS::SecretsManager::Secret`);
  if (properties['SecretString'] !== undefined && properties['GenerateSecretString'] !== undefined) {
    throw validation('AWS::SecretsManager::Secret: SecretString and GenerateSecretString exclude each other.');
  }
}

function describe(properties: JsonObject): Pick<Secret, 'description' | 'kmsKeyId' | 'tags'> {
  return {
    description: text(properties, 'Description'),
    kmsKeyId: text(properties, 'KmsKeyId'),
    tags: tagsOf(properties['Tags']),
  };
}

/** A digest, so that the template's secret does not lie beside its versions a second time. */
function sourceOf({ SecretString: secretString, GenerateSecretString: generate }: JsonObject): string | undefined {
  if (secretString === undefined && generate === undefined) return undefined;
  return createHash('sha256').update(JSON.stringify({ secretString, generate })).digest('hex');
}

function makeValue(properties: JsonObject): SecretValue | undefined {
  const { GenerateSecretString: generate } = properties;
  if (generate === undefined) return readValue({ SecretString: text(properties, 'SecretString') });
  if (!isJsonObject(generate)) throw validation('AWS::SecretsManager::Secret: GenerateSecretString must be an object.');
  return { text: generateSecretString(readOptions(generate)) };
}

const flags = [
  'ExcludeNumbers',
  'ExcludePunctuation',
  'ExcludeUppercase',
  'ExcludeLowercase',
  'IncludeSpace',
  'RequireEachIncludedType',
] as const;
const texts = ['ExcludeCharacters', 'SecretStringTemplate', 'GenerateStringKey'] as const;

/** Templates may write numbers and booleans as text. */
function readOptions(generate: JsonObject): SecretStringOptions {
  const options: Record<string, string | number | boolean> = {};
  for (const name of Object.keys(generate)) {
    if (name !== 'PasswordLength' && !([...flags, ...texts] as string[]).includes(name)) {
      throw validation(`AWS::SecretsManager::Secret: GenerateSecretString has no property ${name}.`);
    }
  }
  for (const name of flags) if (generate[name] !== undefined) options[name] = String(generate[name]) === 'true';
  for (const name of texts) if (generate[name] !== undefined) options[name] = String(generate[name]);
  if (generate['PasswordLength'] !== undefined) options['PasswordLength'] = Number(generate['PasswordLength']);
  return options;
}

function text(properties: JsonObject, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw validation(`AWS::SecretsManager::Secret: ${name} must be a string.`);
  return String(value);
}

function tagsOf(tags: Json | undefined): Record<string, string> {
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(
    tags.filter(isJsonObject).map((tag) => [String(tag['Key'] ?? ''), String(tag['Value'] ?? '')]),
  );
}
