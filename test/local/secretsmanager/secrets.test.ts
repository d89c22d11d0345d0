import type {
  DescribeSecretCommandOutput,
  GetSecretValueCommandOutput,
  ListSecretsCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecretsManager } from '../../../local/services/secretsmanager/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud({ services: [openSecretsManager] });
});
afterEach(() => cloud.close());

const tokens = { a: 'a'.repeat(32), b: 'b'.repeat(32), c: 'c'.repeat(32) };
const dayMs = 24 * 60 * 60 * 1000;

function call<Output = Record<string, unknown>>(operation: string, input: object): Promise<Output> {
  return cloud.call<Output>('secretsmanager', operation, input);
}

function create(more: object = {}): Promise<{ ARN: string; VersionId: string }> {
  return call('CreateSecret', { Name: 'app/key', SecretString: 'one', ...more });
}

function value(more: object = {}): Promise<GetSecretValueCommandOutput> {
  return call('GetSecretValue', { SecretId: 'app/key', ...more });
}

function put(SecretString: string, more: object = {}): Promise<{ VersionId: string }> {
  return call('PutSecretValue', { SecretId: 'app/key', SecretString, ...more });
}

describe('a secret', () => {
  it('[secretsmanager.secret.names] is answered by name, ARN and ARN without its six random characters', async () => {
    const { ARN, VersionId } = await create();
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:app\/key-[A-Za-z0-9]{6}$/);
    for (const SecretId of ['app/key', ARN, ARN.slice(0, -7)]) {
      expect(await value({ SecretId })).toMatchObject({
        SecretString: 'one',
        VersionId,
        VersionStages: ['AWSCURRENT'],
        Name: 'app/key',
      });
    }
    await expect(value({ SecretId: 'app' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('[secretsmanager.value.previous] keeps the value before as AWSPREVIOUS', async () => {
    const first = await create();
    const second = await put('two');
    await put('three');
    expect(await value()).toMatchObject({ SecretString: 'three' });
    expect(await value({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'two',
      VersionId: second.VersionId,
    });
    expect(await value({ VersionId: first.VersionId })).toMatchObject({ SecretString: 'one', VersionStages: [] });
    await expect(value({ VersionId: first.VersionId, VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
      code: 'InvalidRequestException',
    });
    await expect(value({ VersionStage: 'NONE' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(value({ VersionId: tokens.c })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('[secretsmanager.value.token] is put once for one token, however often it is asked', async () => {
    await create();
    expect(await put('two', { ClientRequestToken: tokens.a })).toMatchObject({ VersionId: tokens.a });
    await put('three', { ClientRequestToken: tokens.b });
    await put('two', { ClientRequestToken: tokens.a });
    expect(await value()).toMatchObject({ SecretString: 'three' });
    await expect(put('other', { ClientRequestToken: tokens.a })).rejects.toMatchObject({
      code: 'ResourceExistsException',
    });
    await expect(put('x', { ClientRequestToken: 'short' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });

  it('[secretsmanager.secret.create-token] is created once for one token, and refused a second time without', async () => {
    const first = await create({ ClientRequestToken: tokens.a });
    expect(await create({ ClientRequestToken: tokens.a })).toEqual(first);
    await expect(create()).rejects.toMatchObject({ code: 'ResourceExistsException' });
  });

  it('[secretsmanager.value.size] holds bytes as well as text, up to 64 KiB', async () => {
    await create({ SecretString: undefined, SecretBinary: Buffer.from([0, 255]) });
    expect(await value()).toMatchObject({ SecretBinary: new Uint8Array([0, 255]) });
    await put('x'.repeat(65_536));
    await expect(put('x'.repeat(65_537))).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(put('x', { SecretBinary: Buffer.from('x') })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
    await expect(call('PutSecretValue', { SecretId: 'app/key' })).rejects.toMatchObject({
      code: 'InvalidRequestException',
    });
  });

  it('[secretsmanager.value.stages] is staged under other labels, which move only when the caller knows where they are', async () => {
    const { VersionId: one } = await create();
    const { VersionId: two } = await put('two', { VersionStages: ['AWSPENDING'] });
    expect(await value()).toMatchObject({ SecretString: 'one' });
    expect(await value({ VersionStage: 'AWSPENDING' })).toMatchObject({ SecretString: 'two' });
    const move = (more: object): Promise<unknown> =>
      call('UpdateSecretVersionStage', {
        SecretId: 'app/key',
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: two,
        ...more,
      });
    await expect(move({})).rejects.toMatchObject({ code: 'InvalidParameterException' });
    await expect(move({ RemoveFromVersionId: two })).rejects.toMatchObject({ code: 'InvalidParameterException' });
    await expect(move({ MoveToVersionId: undefined, RemoveFromVersionId: one })).rejects.toThrow(
      "can't remove AWSCURRENT",
    );
    await move({ RemoveFromVersionId: one });
    expect(await value()).toMatchObject({ SecretString: 'two', VersionStages: ['AWSCURRENT', 'AWSPENDING'] });
    expect(await value({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'one' });
    const { VersionIdsToStages } = await call<DescribeSecretCommandOutput>('DescribeSecret', { SecretId: 'app/key' });
    expect(VersionIdsToStages).toEqual({ [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT', 'AWSPENDING'] });
  });

  it('changes its description without a new value, and its value with one', async () => {
    const { VersionId } = await create({ Description: 'first' });
    expect(await call('UpdateSecret', { SecretId: 'app/key', Description: 'second' })).not.toHaveProperty('VersionId');
    expect(await call('DescribeSecret', { SecretId: 'app/key' })).toMatchObject({ Description: 'second' });
    await call('UpdateSecret', { SecretId: 'app/key', SecretString: 'two' });
    expect(await value({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ VersionId });
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(513)])(
    '[secretsmanager.secret.name] is refused under the name %j',
    async (Name) => {
      await expect(create({ Name })).rejects.toMatchObject({ code: 'ValidationException' });
    },
  );

  it('survives a restart', async () => {
    await create();
    cloud = await cloud.restart();
    expect(await value()).toMatchObject({ SecretString: 'one' });
  });
});

describe('a deleted secret', () => {
  it('[secretsmanager.delete.window] is hidden, can be restored within its window, and goes when that ends', async () => {
    await create();
    const { DeletionDate } = await call<{ DeletionDate: Date }>('DeleteSecret', {
      SecretId: 'app/key',
      RecoveryWindowInDays: 7,
    });
    expect(DeletionDate.getTime() - cloud.clock.nowMs()).toBe(7 * dayMs);
    await expect(value()).rejects.toMatchObject({ code: 'InvalidRequestException' });
    await expect(create()).rejects.toMatchObject({ code: 'InvalidRequestException' });
    await expect(call('DeleteSecret', { SecretId: 'app/key' })).rejects.toMatchObject({
      code: 'InvalidRequestException',
    });
    await call('RestoreSecret', { SecretId: 'app/key' });
    await cloud.advance(8 * dayMs);
    expect(await value()).toMatchObject({ SecretString: 'one' });
    await call('DeleteSecret', { SecretId: 'app/key', RecoveryWindowInDays: 7 });
    await cloud.advance(7 * dayMs);
    await expect(value()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await create();
  });

  it('[secretsmanager.delete.forced] goes at once when forced, and is no error when it was not there', async () => {
    await create();
    const force = (): Promise<unknown> =>
      call('DeleteSecret', { SecretId: 'app/key', ForceDeleteWithoutRecovery: true });
    await force();
    await expect(value()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await force();
  });

  it.each([
    [{ RecoveryWindowInDays: 6 }],
    [{ RecoveryWindowInDays: 31 }],
    [{ RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }],
  ])('[secretsmanager.delete.window] is not deleted with %j', async (more) => {
    await create();
    await expect(call('DeleteSecret', { SecretId: 'app/key', ...more })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });
});

describe('many secrets', () => {
  it('[secretsmanager.list.pages] are listed newest first, page by page, filtered, and without their values', async () => {
    for (const Name of ['a', 'b', 'c']) {
      await create({ Name, Tags: [{ Key: 'team', Value: Name }] });
      await cloud.advance(1000);
    }
    const list = (more: object = {}): Promise<ListSecretsCommandOutput> => call('ListSecrets', more);
    const names = async (more: object = {}): Promise<(string | undefined)[]> =>
      (await list(more)).SecretList?.map(({ Name }) => Name) ?? [];
    expect(await names()).toEqual(['c', 'b', 'a']);
    expect(JSON.stringify(await list())).not.toContain('one');
    const page = await list({ MaxResults: 2, SortOrder: 'asc' });
    expect(page.SecretList).toHaveLength(2);
    expect(await names({ MaxResults: 2, SortOrder: 'asc', NextToken: page.NextToken })).toEqual(['c']);
    expect(await names({ Filters: [{ Key: 'name', Values: ['a', 'b'] }] })).toEqual(['b', 'a']);
    expect(await names({ Filters: [{ Key: 'tag-value', Values: ['!a'] }] })).toEqual(['c', 'b']);
    await call('DeleteSecret', { SecretId: 'a' });
    expect(await names()).toEqual(['c', 'b']);
    expect(await names({ IncludePlannedDeletion: true })).toHaveLength(3);
    await expect(list({ NextToken: 'eA==' })).rejects.toMatchObject({ code: 'InvalidNextTokenException' });
    await expect(list({ Filters: [{ Key: 'colour', Values: ['x'] }] })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });
});

describe('a resource policy', () => {
  it('[secretsmanager.policy] is kept and told', async () => {
    await create();
    const ResourcePolicy = '{"Version":"2012-10-17","Statement":[]}';
    await call('PutResourcePolicy', { SecretId: 'app/key', ResourcePolicy });
    expect(await call('GetResourcePolicy', { SecretId: 'app/key' })).toMatchObject({ ResourcePolicy });
    await call('DeleteResourcePolicy', { SecretId: 'app/key' });
    expect(await call('GetResourcePolicy', { SecretId: 'app/key' })).not.toHaveProperty('ResourcePolicy');
    await expect(call('PutResourcePolicy', { SecretId: 'app/key', ResourcePolicy: '{' })).rejects.toMatchObject({
      code: 'MalformedPolicyDocumentException',
    });
  });
});
