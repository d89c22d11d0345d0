import { AwsError } from '../../errors.ts';

/** What a receipt handle says. */
export interface ReceiptHandle {
  readonly messageId: string;
  readonly receipt: string;
}

/** A handle that names its queue, its message and this one receipt. */
export function writeReceiptHandle(queue: string, { messageId, receipt }: ReceiptHandle): string {
  return Buffer.from(JSON.stringify([queue, messageId, receipt])).toString('base64url');
}

/**
 * Reads a handle of `queue`.
 * @throws AwsError ReceiptHandleIsInvalid
 */
export function readReceiptHandle(queue: string, handle: string | undefined): ReceiptHandle {
  const parts = parse(handle ?? '');
  if (Array.isArray(parts) && parts[0] === queue) return { messageId: String(parts[1]), receipt: String(parts[2]) };
  throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
}

function parse(handle: string): unknown {
  try {
    return JSON.parse(Buffer.from(handle, 'base64url').toString());
  } catch {
    return undefined;
  }
}
