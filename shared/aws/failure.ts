import { Misconfigured, ServiceUnavailable, SlipwayError } from '../errors.ts';

const throttled = /Throttl|TooManyRequests|ThroughputExceeded|LimitExceeded|SlowDown|RequestTimeout|Timeout/;
const denied = /AccessDenied|NotAuthorized|UnrecognizedClient|InvalidSignature|ExpiredToken/;

/** Makes a call; what it throws after the client's bounded retries says which call failed and what to do. */
export async function calling<T>(call: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (thrown) {
    throw thrown instanceof SlipwayError ? thrown : failureOf(call, thrown);
  }
}

/** The name that an AWS error goes by. */
export function errorName(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : '';
}

function failureOf(call: string, cause: unknown): SlipwayError {
  const name = errorName(cause);
  if (denied.test(name)) {
    return new Misconfigured(
      `${call} was refused (${name}); grant it to this function's role, or check its credentials`,
      {
        cause,
      },
    );
  }
  if (throttled.test(name))
    return new ServiceUnavailable(`${call} was throttled (${name}); try again later`, { cause });
  const status = statusOf(cause);
  if (status === undefined || status >= 500) {
    return new ServiceUnavailable(`${call} got no answer (${name || 'no reason'}); try again later`, { cause });
  }
  return new Misconfigured(`${call} was refused with ${status} ${name}; see the log of this function for the cause`, {
    cause,
  });
}

/** The HTTP status of an AWS error; undefined when there was no answer. */
export function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('$metadata' in thrown)) return undefined;
  const { $metadata: metadata } = thrown;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
