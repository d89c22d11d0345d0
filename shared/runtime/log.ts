import type { Context } from 'aws-lambda';
import { messageOf } from '../errors.ts';
import type { Log, LogFields } from '../log.ts';

let invocation: LogFields = {};

/**
 * One JSON line for each call, under the names that Powertools for AWS Lambda gives its fields, with the invocation's
 * function, request and trace. Its own logger would be a twentieth of every bundle for these three.
 */
export const log: Log = {
  info: (message, fields) => write('INFO', message, fields),
  warn: (message, fields) => write('WARN', message, fields),
  error: (message, thrown, fields) => write('ERROR', message, { ...fields, error: describe(thrown) }),
};

/** Puts the invocation's function and request on every line that follows. */
export function logInvocation({ functionName, awsRequestId }: Pick<Context, 'functionName' | 'awsRequestId'>): void {
  invocation = { function_name: functionName, function_request_id: awsRequestId, xray_trace_id: traceId() };
}

function write(level: string, message: string, fields: object = {}): void {
  const line = { level, message, timestamp: new Date().toISOString(), service: 'slipway', ...invocation, ...fields };
  // Past `console`, before whose lines the runtime puts a prefix that is no JSON.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The runtime sets it for each invocation: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=…`. */
function traceId(): string | undefined {
  return /Root=([0-9a-f-]+)/.exec(process.env['_X_AMZN_TRACE_ID'] ?? '')?.[1];
}

/** What was thrown, with what caused it, as far as a few steps back. */
function describe(thrown: unknown, depth = 5): object {
  if (!(thrown instanceof Error)) return { name: 'Error', message: messageOf(thrown) };
  const { name, message, stack, cause } = thrown;
  return { name, message, stack, ...(cause !== undefined && depth > 0 && { cause: describe(cause, depth - 1) }) };
}
