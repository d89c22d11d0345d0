import { AwsError } from '../../../errors.ts';
import { failed, type FailedOutcome } from './provider.ts';

const passing = /Throttl|TooManyRequests|SlowDown|Unavailable|Internal/;

/**
 * A service's refusal as a failure of the action: a missing permission by its own name, anything else as `code`.
 * @throws the error itself if another try may succeed, or if it is none of a service's
 */
export function serviceFailure(error: unknown, code: string, what: string): FailedOutcome {
  if (!(error instanceof AwsError) || isPassing(error)) throw error;
  const isDenied = /AccessDenied|Forbidden|NotAuthorized/.test(error.code);
  return failed(isDenied ? 'PermissionError' : code, `${what}: ${error.code}: ${error.message}`);
}

function isPassing({ code, httpStatus }: AwsError): boolean {
  return passing.test(code) || (httpStatus >= 500 && code !== 'NotImplemented');
}
