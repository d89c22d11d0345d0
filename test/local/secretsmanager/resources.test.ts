import type { GetSecretValueCommandOutput } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { openSecrets } from '../../../local/services/secretsmanager/secrets.ts';
import { secretResource } from '../../../local/services/secretsmanager/secret-resource.ts';
import { openSecretsManager } from '../../../local/services/secretsmanager/service.ts';
import type { Provisioned } from '../../../local/template/resource.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud({ services: [openSecretsManager] });
});
afterEach(() => cloud.close());

function provision(properties: JsonObject): Promise<Provisioned> {
  return cloud.provision('AWS::SecretsManager::Secret', 'Token', properties);
}

async function update(current: Provisioned, properties: JsonObject): Promise<Provisioned> {
  // Updates and deletions of secrets read nothing of the context.
  return secretResource(cloud.context, openSecrets(cloud.store)).update(current, properties, {} as never);
}

async function valueOf({ physicalId }: Provisioned): Promise<string> {
  const input = { SecretId: physicalId };
  const { SecretString } = await cloud.call<GetSecretValueCommandOutput>('secretsmanager', 'GetSecretValue', input);
  return SecretString ?? '';
}

describe('AWS::SecretsManager::Secret', () => {
  it('[secretsmanager.template.generate] gives its ARN as Ref and generates 32 characters of every type', async () => {
    const made = await provision({ GenerateSecretString: {} });
    expect(made.physicalId).toMatch(/:secret:.+-[A-Za-z0-9]{6}$/);
    expect(made.attributes).toEqual({ Id: made.physicalId });
    const value = await valueOf(made);
    expect(value).toHaveLength(32);
    for (const type of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z0-9 ]/]) expect(value).toMatch(type);
  });

  it.each<[JsonObject, RegExp]>([
    [{ PasswordLength: 40, ExcludePunctuation: true }, /^[a-zA-Z0-9]{40}$/],
    [{ ExcludeUppercase: true, ExcludeNumbers: 'true', ExcludePunctuation: true }, /^[a-z]{32}$/],
    [{ ExcludeLowercase: true, ExcludePunctuation: true, ExcludeCharacters: 'ABC0' }, /^[D-Z1-9]{32}$/],
    [{ PasswordLength: 1, RequireEachIncludedType: false }, /^.$/],
    [{ IncludeSpace: true, PasswordLength: 5 }, /^(?=.* ).{5}$/],
  ])('honours %j', async (GenerateSecretString, pattern) => {
    expect(await valueOf(await provision({ GenerateSecretString }))).toMatch(pattern);
  });

  it('[secretsmanager.template.generate] puts the generated string into a template', async () => {
    const GenerateSecretString = {
      SecretStringTemplate: '{"user":"u"}',
      GenerateStringKey: 'password',
      PasswordLength: 8,
    };
    const value: unknown = JSON.parse(await valueOf(await provision({ GenerateSecretString })));
    expect(value).toEqual({ user: 'u', password: expect.stringMatching(/^.{8}$/s) });
  });

  it.each<[JsonObject]>([
    [{ PasswordLength: 3 }],
    [{ PasswordLength: 0 }],
    [{ PasswordLength: 4097 }],
    [{ SecretStringTemplate: '{}' }],
    [{ SecretStringTemplate: '[]', GenerateStringKey: 'k' }],
    [{ ExcludeNumbers: true, ExcludePunctuation: true, ExcludeUppercase: true, ExcludeLowercase: true }],
    [{ Length: 8 }],
  ])('refuses %j and leaves nothing', async (GenerateSecretString) => {
    await expect(provision({ Name: 'x', GenerateSecretString })).rejects.toMatchObject({
      code: expect.stringMatching(/^(InvalidParameter|Validation)Exception$/),
    });
    expect(await cloud.call('secretsmanager', 'ListSecrets', {})).toMatchObject({ SecretList: [] });
  });

  it('[secretsmanager.template.kept] keeps a generated value over updates, repeated creation and restarts, until its options change', async () => {
    const GenerateSecretString = { PasswordLength: 20 };
    const made = await provision({ GenerateSecretString });
    const value = await valueOf(made);
    await update(made, { GenerateSecretString, Description: 'changed' });
    expect((await provision({ GenerateSecretString })).physicalId).toBe(made.physicalId);
    cloud = await cloud.restart();
    expect(await valueOf(made)).toBe(value);
    await update(made, { GenerateSecretString: { PasswordLength: 21 } });
    expect(await valueOf(made)).toHaveLength(21);
  });

  it('[secretsmanager.template.kept] does not undo a value that was put by hand', async () => {
    const made = await provision({ SecretString: 'from template' });
    await cloud.call('secretsmanager', 'PutSecretValue', { SecretId: made.physicalId, SecretString: 'by hand' });
    await update(made, { SecretString: 'from template', Description: 'd' });
    expect(await valueOf(made)).toBe('by hand');
    await update(made, { SecretString: 'new template' });
    expect(await valueOf(made)).toBe('new template');
  });

  it('does not take over a secret that someone else made', async () => {
    await cloud.call('secretsmanager', 'CreateSecret', { Name: 'mine', SecretString: 'x' });
    await expect(provision({ Name: 'mine', SecretString: 'y' })).rejects.toMatchObject({
      code: 'ResourceExistsException',
    });
  });
});

describe('AWS::SecretsManager::ResourcePolicy', () => {
  it('keeps its policy on the secret', async () => {
    const { physicalId } = await provision({ SecretString: 'x' });
    const ResourcePolicy = { Version: '2012-10-17', Statement: [] };
    const made = await cloud.provision('AWS::SecretsManager::ResourcePolicy', 'Policy', {
      SecretId: physicalId,
      ResourcePolicy,
    });
    expect(made.physicalId).toBe(physicalId);
    expect(await cloud.call('secretsmanager', 'GetResourcePolicy', { SecretId: physicalId })).toMatchObject({
      ResourcePolicy: JSON.stringify(ResourcePolicy),
    });
  });
});
