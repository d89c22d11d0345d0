import type { DeleteSecretCommandInput, SecretsManager } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { CloudContext } from '../service-module.ts';
import { secretArn } from './create-secret.ts';
import { invalidParameter, invalidRequest } from './errors.ts';
import type { Secret, Secrets } from './secrets.ts';

const defaultWindowDays = 30;
const dayMs = 24 * 60 * 60 * 1000;
const timerKind = 'secretsmanager.delete';

/** DeleteSecret and RestoreSecret: a deleted secret can come back until its recovery window ends. */
export function deletionOperations(context: CloudContext, secrets: Secrets): Operations<SecretsManager> {
  const { store, clock, timers } = context;
  timers.on(timerKind, (payload, timer) =>
    store.transaction(() => {
      if (typeof payload === 'string') secrets.remove(payload);
      timer.complete();
    }),
  );
  return {
    DeleteSecret(input) {
      const windowDays = readWindow(input);
      const atMs = clock.nowMs();
      return store.transaction(() => {
        const secret = find(secrets, input);
        // As documented, forced deletion of what is not there succeeds.
        if (!secret)
          return { ARN: secretArn(context, input.SecretId ?? ''), Name: input.SecretId, DeletionDate: new Date(atMs) };
        const named = { ARN: secret.arn, Name: secret.name };
        if (windowDays === 0) {
          timers.cancel(timerId(secret.arn));
          secrets.remove(secret.arn);
          return { ...named, DeletionDate: new Date(atMs) };
        }
        if (secret.deletion) {
          throw invalidRequest("You tried to perform the operation on a secret that's currently marked deleted.");
        }
        const dueAtMs = atMs + windowDays * dayMs;
        secrets.save({ ...secret, deletion: { markedAtMs: atMs, dueAtMs } });
        timers.schedule(timerKind, secret.arn, { dueAtMs, id: timerId(secret.arn) });
        return { ...named, DeletionDate: new Date(dueAtMs) };
      });
    },
    RestoreSecret(input) {
      return store.transaction(() => {
        const secret = secrets.get(input.SecretId ?? '');
        timers.cancel(timerId(secret.arn));
        secrets.save({ ...secret, deletion: undefined });
        return { ARN: secret.arn, Name: secret.name };
      });
    },
  };
}

function find(secrets: Secrets, input: DeleteSecretCommandInput): Secret | undefined {
  try {
    return secrets.get(input.SecretId ?? '');
  } catch (error) {
    const isMissing = error instanceof AwsError && error.code === 'ResourceNotFoundException';
    if (isMissing && input.ForceDeleteWithoutRecovery) return undefined;
    throw error;
  }
}

/** Days until the secret goes; 0: at once. */
function readWindow(input: DeleteSecretCommandInput): number {
  const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: isForced } = input;
  if (isForced && days !== undefined) {
    throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  if (days !== undefined && (!Number.isInteger(days) || days < 7 || days > 30)) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  }
  return isForced ? 0 : (days ?? defaultWindowDays);
}

function timerId(arn: string): string {
  return `${timerKind} ${arn}`;
}
