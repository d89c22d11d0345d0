import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock, type Clock } from '../clock.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName } from './failure.ts';

const keptMs = 30_000;

/** Reads the valid values of a secret, the current one first: two while it is being rotated. Kept for half a minute. */
export function secretReader(
  client: SecretsManagerClient = new SecretsManagerClient(clientSettings),
  clock: Clock = systemClock,
): (secretArn: string) => Promise<readonly string[]> {
  const kept = new Map<string, { readonly values: readonly string[]; readonly untilMs: number }>();
  return async (secretArn) => {
    const known = kept.get(secretArn);
    if (known && clock.nowMs() < known.untilMs) return known.values;
    const versions = await Promise.all(
      ['AWSCURRENT', 'AWSPREVIOUS'].map((stage) => readStage(client, secretArn, stage)),
    );
    const values = versions.filter((value) => value !== undefined);
    kept.set(secretArn, { values, untilMs: clock.nowMs() + keptMs });
    return values;
  };
}

async function readStage(client: SecretsManagerClient, secretArn: string, stage: string): Promise<string | undefined> {
  return calling('secretsmanager:GetSecretValue', async () => {
    try {
      const command = new GetSecretValueCommand({ SecretId: secretArn, VersionStage: stage });
      return (await client.send(command)).SecretString;
    } catch (thrown) {
      // A secret that was never rotated has no previous version.
      if (stage === 'AWSPREVIOUS' && errorName(thrown) === 'ResourceNotFoundException') return undefined;
      throw thrown;
    }
  });
}
