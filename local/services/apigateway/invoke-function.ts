import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../gateway/principal.ts';
import type { Gateway } from '../../gateway/service.ts';
import type { Json, JsonObject } from '../../json.ts';

/** What came of asking a function: its payload, or why there is none. */
export type FunctionAnswer =
  | { readonly kind: 'answered'; readonly payload: Json }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'timed-out' };

/** The function behind an integration or authorizer. */
export interface InvokedFunction {
  readonly functionArn: string;
  /** The route or authorizer: the function's policy may allow this one only. */
  readonly sourceArn: string;
  /** Of real time. */
  readonly timeoutMs: number;
}

/** Invokes a function and waits for its answer, as long as its limit says. */
export async function invokeFunction(
  gateway: Gateway,
  { timeoutMs, ...target }: InvokedFunction,
  event: JsonObject,
): Promise<FunctionAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const timeOut = new Promise<FunctionAnswer>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timed-out' }), timeoutMs);
  });
  try {
    return await Promise.race([invoke(gateway, target, event), timeOut]);
  } finally {
    clearTimeout(timer);
  }
}

async function invoke(
  gateway: Gateway,
  { functionArn, sourceArn }: Omit<InvokedFunction, 'timeoutMs'>,
  event: JsonObject,
): Promise<FunctionAnswer> {
  const principal = servicePrincipal('apigateway.amazonaws.com', sourceArn);
  const input = {
    FunctionName: functionArn,
    InvocationType: 'RequestResponse',
    Payload: new TextEncoder().encode(JSON.stringify(event)),
  };
  try {
    const request = { service: 'lambda', operation: 'Invoke', input };
    // The gateway has checked the answer against Lambda's schema; payloads are bytes both ways.
    const output = (await gateway.handle(request, principal)) as InvokeOutput;
    if (output.FunctionError !== undefined) return { kind: 'failed', reason: 'The function failed' };
    return { kind: 'answered', payload: parse(output.Payload) };
  } catch (cause) {
    if (cause instanceof AwsError) return { kind: 'failed', reason: `${cause.code}: ${cause.message}` };
    if (cause instanceof SyntaxError) return { kind: 'failed', reason: 'The function did not return JSON' };
    throw cause;
  }
}

interface InvokeOutput {
  readonly FunctionError?: string;
  readonly Payload?: Uint8Array;
}

function parse(payload: Uint8Array | undefined): Json {
  const text = Buffer.from(payload ?? new Uint8Array()).toString();
  // What JSON.parse gives is JSON.
  return text === '' ? null : (JSON.parse(text) as Json);
}

/** The function behind an integration's or authorizer's URI: its ARN, alone or inside an API Gateway path. */
export function functionArnOf(uri: string): string {
  return /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;
}
