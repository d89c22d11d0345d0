import * as z from 'zod';
import type { JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';
import { invalidParameter } from './function-reference.ts';
import type { InvokedFunction } from './function-store.ts';

const destination = z.object({ Destination: z.string().regex(/^arn:aws:(lambda|sqs|sns|events):/) }).optional();

const configSchema = z.looseObject({
  MaximumRetryAttempts: z.coerce.number().int().min(0).max(2).optional(),
  MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(21_600).optional(),
  DestinationConfig: z.object({ OnSuccess: destination, OnFailure: destination }).optional(),
});

/** How events of one function (or alias, or version) are retried, and where their ends are told. */
export interface EventInvokeConfig {
  readonly maxRetryAttempts: number;
  readonly maxEventAgeMs: number;
  /** ARNs. */
  readonly onSuccess?: string;
  readonly onFailure?: string;
}

/** The `AWS::Lambda::EventInvokeConfig`s of a cloud. */
export interface EventInvokeConfigs {
  put(name: string, qualifier: string, properties: JsonObject): void;
  delete(name: string, qualifier: string): void;
  /** That of the invoked version or alias, with Lambda's defaults: two retries, six hours. */
  of(target: InvokedFunction): EventInvokeConfig;
}

/** Opens their table. */
export function openEventInvokeConfigs(store: Store): EventInvokeConfigs {
  store.migrate('lambda-event-invoke-configs', [
    `CREATE TABLE lambda_event_invoke_configs (name TEXT NOT NULL, qualifier TEXT NOT NULL, body TEXT NOT NULL,
       PRIMARY KEY (name, qualifier)) STRICT, WITHOUT ROWID`,
  ]);
  return {
    put: (name, qualifier, properties) => {
      store
        .statement('INSERT OR REPLACE INTO lambda_event_invoke_configs (name, qualifier, body) VALUES (?, ?, ?)')
        .run(name, qualifier, JSON.stringify(readConfig(properties)));
    },
    delete: (name, qualifier) => {
      store.statement('DELETE FROM lambda_event_invoke_configs WHERE name = ? AND qualifier = ?').run(name, qualifier);
    },
    of: (target) => {
      const qualifier = target.invokedArn.slice(target.functionArn.length + 1) || '$LATEST';
      const row = store
        .statement('SELECT body FROM lambda_event_invoke_configs WHERE name = ? AND qualifier = ?')
        .get(target.name, qualifier);
      // Written by `put` only.
      return row ? (JSON.parse(String(row['body'])) as EventInvokeConfig) : readConfig({});
    },
  };
}

function readConfig(properties: JsonObject): EventInvokeConfig {
  const read = configSchema.safeParse(properties);
  if (!read.success) throw invalidParameter(z.prettifyError(read.error));
  const { MaximumRetryAttempts = 2, MaximumEventAgeInSeconds = 21_600, DestinationConfig } = read.data;
  const onSuccess = DestinationConfig?.OnSuccess?.Destination;
  const onFailure = DestinationConfig?.OnFailure?.Destination;
  return {
    maxRetryAttempts: MaximumRetryAttempts,
    maxEventAgeMs: MaximumEventAgeInSeconds * 1000,
    ...(onSuccess !== undefined && { onSuccess }),
    ...(onFailure !== undefined && { onFailure }),
  };
}
