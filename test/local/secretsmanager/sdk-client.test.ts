import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSecretsManager } from '../../../local/services/secretsmanager/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

let cloud: TestCloud;
let http: GatewayOverHttp;
let client: SecretsManager;
beforeAll(async () => {
  let module: ReturnType<typeof openSecretsManager> | undefined;
  cloud = await testCloud({ services: [(context) => (module = openSecretsManager(context))] });
  if (!module?.api) throw new Error('Secrets Manager has an api');
  http = await gatewayOverHttp([module.api]);
  client = new SecretsManager(http.client);
});
afterAll(async () => {
  client.destroy();
  await http.close();
  await cloud.close();
});

it("serves the SDK's client", async () => {
  const { ARN = '' } = await client.createSecret({ Name: 'k', SecretString: 'one', Tags: [{ Key: 'a', Value: '1' }] });
  const { VersionId = '' } = await client.putSecretValue({ SecretId: 'k', SecretBinary: Buffer.from([1, 2]) });
  const current = await client.getSecretValue({ SecretId: ARN });
  expect(current).toMatchObject({ VersionId, SecretBinary: new Uint8Array([1, 2]) });
  const previous = await client.getSecretValue({ SecretId: 'k', VersionStage: 'AWSPREVIOUS' });
  expect(previous).toMatchObject({ SecretString: 'one' });
  const { VersionIdsToStages } = await client.describeSecret({ SecretId: 'k' });
  expect(VersionIdsToStages).toMatchObject({ [VersionId]: ['AWSCURRENT'] });
  expect((await client.listSecrets({})).SecretList).toMatchObject([{ ARN, Tags: [{ Key: 'a', Value: '1' }] }]);
  expect((await client.listSecretVersionIds({ SecretId: 'k' })).Versions).toHaveLength(2);
  expect((await client.getRandomPassword({ PasswordLength: 9 })).RandomPassword).toHaveLength(9);
  await client.updateSecret({ SecretId: 'k', Description: 'd' });
  expect((await client.deleteSecret({ SecretId: 'k' })).DeletionDate).toBeInstanceOf(Date);
  await client.restoreSecret({ SecretId: 'k' });
  await expect(client.getSecretValue({ SecretId: 'none' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(client.rotateSecret({ SecretId: 'k' })).rejects.toThrow('not supported locally');
});
