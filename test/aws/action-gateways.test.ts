import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { gatewayNames } from '../../shared/actions/gateways/gateways.ts';
import { openGateway as openSecrets } from '../../shared/aws/gateways/secrets.ts';
import { root } from '../architecture/repository.ts';

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } };
const refusal = (name: string, httpStatusCode = 400): Error =>
  Object.assign(new Error('from AWS'), { name, $metadata: { httpStatusCode } });

it('has a file for every gateway of the actions, by its name', () => {
  const files = readdirSync(join(root, 'shared/aws/gateways'));
  expect(files.toSorted()).toEqual(gatewayNames.map((name) => `${name}.ts`).toSorted());
});

describe('secrets for actions', () => {
  const client = new SecretsManagerClient(settings);
  const mock = mockClient(client);
  const secrets = openSecrets(client);
  beforeEach(() => mock.reset());

  it('are read by name', async () => {
    mock.on(GetSecretValueCommand, { SecretId: 'jira' }).resolves({ SecretString: 'token' });
    expect(await secrets.read('jira')).toBe('token');
  });

  it.each([
    ['ResourceNotFoundException', { type: 'ConfigurationError', message: /no secret jira/ }],
    ['InvalidRequestException', { type: 'ConfigurationError', message: /being deleted/ }],
    ['AccessDeniedException', { type: 'PermissionError', message: /may not read secret jira/ }],
    ['ThrottlingException', { name: 'ServiceUnavailable', message: /throttled/ }],
  ])('fail when Secrets Manager answers %s', async (name, { message, ...kind }) => {
    mock.on(GetSecretValueCommand).rejects(refusal(name));
    await expect(secrets.read('jira')).rejects.toMatchObject({ ...kind, message: expect.stringMatching(message) });
  });

  it('fail when the secret holds bytes', async () => {
    mock.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) });
    await expect(secrets.read('jira')).rejects.toMatchObject({ type: 'ConfigurationError' });
  });
});
