import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { tour } from './tour.ts';

tour(
  { service: 'secretsmanager', client: SecretsManager },
  {
    'keeps a secret with its versions and stages': async (secrets) => {
      const SecretId = 'token';
      const first = await secrets.createSecret({ Name: SecretId, SecretString: 'one' });
      const second = await secrets.putSecretValue({ SecretId, SecretString: 'two' });
      expect((await secrets.getSecretValue({ SecretId })).SecretString).toBe('two');
      const { Versions = [] } = await secrets.listSecretVersionIds({ SecretId });
      expect(Versions.map(({ VersionId }) => VersionId).toSorted()).toEqual(
        [first.VersionId, second.VersionId].toSorted(),
      );
      await secrets.updateSecretVersionStage({
        ...{ SecretId, VersionStage: 'AWSCURRENT' },
        ...{ MoveToVersionId: first.VersionId, RemoveFromVersionId: second.VersionId },
      });
      expect((await secrets.getSecretValue({ SecretId })).SecretString).toBe('one');
      await secrets.updateSecret({ SecretId, Description: 'for the api' });
      expect(await secrets.describeSecret({ SecretId })).toMatchObject({ Description: 'for the api' });
      const { SecretList } = await secrets.listSecrets({ Filters: [{ Key: 'name', Values: ['token'] }] });
      expect(SecretList).toMatchObject([{ Name: 'token' }]);
    },
    'tags it, and has its policy': async (secrets) => {
      const { ARN: SecretId } = await secrets.createSecret({ Name: 'shared', SecretString: 'x' });
      await secrets.tagResource({ SecretId, Tags: [{ Key: 'team', Value: 'a' }] });
      expect((await secrets.describeSecret({ SecretId })).Tags).toEqual([{ Key: 'team', Value: 'a' }]);
      await secrets.untagResource({ SecretId, TagKeys: ['team'] });
      expect((await secrets.describeSecret({ SecretId })).Tags ?? []).toEqual([]);
      const principal = { AWS: 'arn:aws:iam::123456789012:root' };
      const statement = {
        Effect: 'Allow',
        Principal: principal,
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
      };
      const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await secrets.putResourcePolicy({ SecretId, ResourcePolicy });
      expect((await secrets.getResourcePolicy({ SecretId })).ResourcePolicy).toBe(ResourcePolicy);
      await secrets.deleteResourcePolicy({ SecretId });
      expect((await secrets.getResourcePolicy({ SecretId })).ResourcePolicy).toBeUndefined();
    },
    'deletes it later, or not': async (secrets) => {
      const { ARN: SecretId } = await secrets.createSecret({ Name: 'old', SecretString: 'x' });
      expect((await secrets.deleteSecret({ SecretId })).DeletionDate).toBeInstanceOf(Date);
      await expect(secrets.getSecretValue({ SecretId })).rejects.toMatchObject({ name: 'InvalidRequestException' });
      await secrets.restoreSecret({ SecretId });
      expect((await secrets.getSecretValue({ SecretId })).SecretString).toBe('x');
    },
    'makes random passwords': async (secrets) => {
      const { RandomPassword } = await secrets.getRandomPassword({ PasswordLength: 40, ExcludePunctuation: true });
      expect(RandomPassword).toMatch(/^[A-Za-z0-9]{40}$/);
    },
  },
);
