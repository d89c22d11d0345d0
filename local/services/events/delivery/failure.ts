import { AwsError } from '../../../errors.ts';

/** Why a delivery failed, in the words of the dead-letter record. */
export interface DeliveryFailure {
  /** E.g. `NO_PERMISSIONS`, `NO_RESOURCE`, `THROTTLING`. */
  readonly errorCode: string;
  readonly message: string;
  /** False for a missing permission or target: it goes to the dead-letter queue at once. */
  readonly isRetryable: boolean;
}

const missing = /NotFound|DoesNotExist|NonExistent/;
const forbidden = /AccessDenied|NotAuthorized|AuthorizationError|Unauthorized|InvalidClientTokenId/;
const throttled = /Throttl|TooManyRequests|LimitExceeded|ProvisionedThroughput|RequestLimit/;

/** Sorts an error of a target by the codes that EventBridge documents for dead letters. */
export function classifyFailure(error: unknown): DeliveryFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof AwsError)) return { errorCode: 'INTERNAL_ERROR', message, isRetryable: true };
  const { code, httpStatus } = error;
  if (code === 'INVALID_JSON') return { errorCode: code, message, isRetryable: false };
  if (throttled.test(code)) return { errorCode: 'THROTTLING', message, isRetryable: true };
  if (missing.test(code)) return { errorCode: 'NO_RESOURCE', message, isRetryable: false };
  if (forbidden.test(code)) return { errorCode: 'NO_PERMISSIONS', message, isRetryable: false };
  if (httpStatus >= 500 && httpStatus !== 501) return { errorCode: 'INTERNAL_ERROR', message, isRetryable: true };
  return { errorCode: 'SDK_CLIENT_ERROR', message: `${code}: ${message}`, isRetryable: false };
}

/** Whether a state machine says that this delivery has started it already. */
export function isAlreadyDelivered(error: unknown): boolean {
  return error instanceof AwsError && error.code === 'ExecutionAlreadyExists';
}
