import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { InvalidInput } from '../errors.ts';
import { problemsOf } from '../json.ts';
import { log, logInvocation } from './log.ts';

/** What Lambda calls. */
export type TaskHandler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * The chain of a function that a state machine or an event rule calls: its input is read by a schema, and an error leaves
 * it under its literal name, which Retry and Catch match. The input is never logged.
 */
export function task<Schema extends z.core.$ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>) => Promise<unknown>,
): TaskHandler {
  return middy((input: unknown) => run(input as z.output<Schema>)) // `before` has read it
    .before((request) => {
      logInvocation(request.context);
      request.event = readInput(schema, request.event);
    })
    .onError((request) => {
      log.error('the task failed', request.error, { errorName: request.error?.name });
    });
}

function readInput<Schema extends z.core.$ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const read = z.safeParse(schema, input);
  if (read.success) return read.data;
  throw new InvalidInput(`the input does not fit: ${problemsOf(read.error)}`);
}
