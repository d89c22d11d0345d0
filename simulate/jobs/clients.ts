import { AsyncLocalStorage } from 'node:async_hooks';
import { CodePipelineClient, InvalidJobStateException, JobNotFoundException } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { ServiceUnavailable } from '../../shared/errors.ts';
import { AwsError } from '../../local/errors.ts';

/** Makes a call for the function that is running. */
export type Caller = (service: string, operation: string, input: object) => Promise<unknown>;

const callers = new AsyncLocalStorage<Caller>();

/** Runs a function whose SDK clients call through `caller`. */
export function withCaller<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
  return callers.run(caller, work);
}

/** A call that the running function makes to something else than a service; `caller` gets it as `action:effect`. */
export async function callElsewhere<T>(effect: () => T): Promise<T> {
  const caller = callers.getStore();
  if (!caller) throw new Error('no function is running');
  try {
    return (await caller('action', 'effect', { effect })) as T; // what the effect gives
  } catch (cause) {
    throw new ServiceUnavailable('the work gave no answer', { cause });
  }
}

/** Clients of this process send nothing from here on; what functions make of them is the same. */
export function catchClients(): void {
  const clients = [
    [DynamoDBClient, 'dynamodb'],
    [SFNClient, 'states'],
    [CodePipelineClient, 'codepipeline'],
    [EventBridgeClient, 'events'],
  ] as const;
  for (const [{ prototype }, service] of clients) {
    const send = async (command: { readonly input: object }): Promise<unknown> => {
      const caller = callers.getStore();
      const operation = command.constructor.name.replace(/Command$/, '');
      if (!caller) throw new Error(`nobody calls ${service}:${operation}`);
      return caller(service, operation, command.input).catch((thrown: unknown) => {
        throw thrown instanceof AwsError ? asClientError(thrown) : thrown;
      });
    };
    Object.assign(prototype, { send });
  }
}

/** The exception as the client of the service throws it. */
function asClientError({ code, message, members, httpStatus }: AwsError): Error {
  const $metadata = { httpStatusCode: httpStatus };
  if (code === 'InvalidJobStateException') return new InvalidJobStateException({ message, $metadata });
  if (code === 'JobNotFoundException') return new JobNotFoundException({ message, $metadata });
  return Object.assign(new Error(message), { name: code, $metadata, ...members });
}
