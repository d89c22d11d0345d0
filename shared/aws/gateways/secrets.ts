import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretGateway } from '../../actions/gateways/gateways.ts';
import { ActionFailed } from '../../actions/result.ts';
import { clientSettings } from '../client-settings.ts';
import { calling } from '../failure.ts';
import { refuseBy } from '../refusal.ts';

/** Secrets Manager, for an action. */
export function openGateway(client: SecretsManagerClient = new SecretsManagerClient(clientSettings)): SecretGateway {
  return {
    read: (name) =>
      calling('secretsmanager:GetSecretValue', async () => {
        const { SecretString } = await client
          .send(new GetSecretValueCommand({ SecretId: name }))
          .catch((thrown: unknown) => refuse(name, thrown));
        if (SecretString) return SecretString;
        throw new ActionFailed('ConfigurationError', `secret ${name} holds no text; put its value in as a string`);
      }),
  };
}

function refuse(name: string, cause: unknown): never {
  return refuseBy(cause, [
    [
      ['ResourceNotFoundException'],
      'ConfigurationError',
      `there is no secret ${name} in this account and region; make it in Secrets Manager, or name another`,
    ],
    [['InvalidRequestException'], 'ConfigurationError', `secret ${name} is being deleted; restore it, or name another`],
    [
      ['AccessDeniedException'],
      'PermissionError',
      `this action's role may not read secret ${name}, or there is none of that name; make it, and pass its name as a parameter at synth, which grants it`,
    ],
  ]);
}
