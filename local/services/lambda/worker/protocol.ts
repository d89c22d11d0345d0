import type { RuntimeError } from './runtime-error.ts';

/** What a thread is told when it is made (its `workerData`). */
export interface ThreadStart {
  /** Where the code lies; `LAMBDA_TASK_ROOT`. */
  readonly taskRoot: string;
  /** `index.handler`, as the function names it. */
  readonly handler: string;
  /** From Node.js 24 on Lambda refuses handlers that take a callback. */
  readonly takesCallbacks: boolean;
  readonly logFormat: 'Text' | 'JSON';
  /** The cloud's port, for answers to CloudFormation. */
  readonly endpoint?: string;
  /** A file beside which the SDK is found that the runtime brings; the thread's own file may lie elsewhere. */
  readonly runtimeFile?: string;
  /** The cloud's clock, if it is not the machine's. */
  readonly clock?: SharedArrayBuffer;
}

/** One invocation, as the thread gets it. */
export interface InvokeMessage {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly event: string;
  /** In the machine's time, as `Date.now()` gives it there. */
  readonly deadlineEpochMs: number;
  readonly invokedFunctionArn: string;
  /** JSON text. */
  readonly clientContext?: string;
  readonly traceId: string;
}

/** What a thread says. `failed` with `isFatal` means that the thread ends by itself. */
export type ThreadMessage =
  | { readonly kind: 'log'; readonly requestId: string; readonly text: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly payload: string; readonly heapBytes: number }
  | { readonly kind: 'failed'; readonly error: RuntimeError; readonly heapBytes: number; readonly isFatal: boolean };

/** Whether this came from the runtime: a function can reach the same port and post anything to it. */
export function isThreadMessage(value: unknown): value is ThreadMessage {
  if (typeof value !== 'object' || value === null) return false;
  // Whatever is not an own member of the runtime's messages is undefined here.
  const { kind, requestId, text, payload, error } = value as Record<string, unknown>;
  switch (kind) {
    case 'log':
      return typeof requestId === 'string' && typeof text === 'string';
    case 'ready':
      return true;
    case 'returned':
      return typeof payload === 'string';
    case 'failed':
      return typeof error === 'object' && error !== null;
    default:
      return false;
  }
}
