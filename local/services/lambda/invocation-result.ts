import { AwsError } from '../../errors.ts';
import type { ThreadOutcome } from './function-thread.ts';
import type { Invocation } from './invocation-request.ts';
import type { RuntimeError } from './worker/runtime-error.ts';

/** A run in a thread that has ended, one way or the other. Times are real. */
export interface FinishedRun {
  readonly outcome: ThreadOutcome;
  readonly durationMs: number;
  /** Absent if the thread was warm. */
  readonly initMs?: number;
}

/** What became of an invocation. */
export interface InvocationResult {
  /** JSON text: what the handler answered, or the error. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  /** What was logged, oldest first. */
  readonly log: readonly string[];
}

/** Lambda's limit for a synchronous response (6 MB and some room). */
const maxResponseBytes = 6_291_556;

/**
 * Says what the caller gets, and logs the END and REPORT lines.
 * @throws AwsError `ServiceException` if the cloud stopped before the function had answered
 */
export function toInvocationResult(
  invocation: Invocation,
  run: FinishedRun,
  to: { log: (message: string) => void; printed: readonly string[] },
): InvocationResult {
  const { requestId } = invocation;
  const answer = toAnswer(run.outcome, invocation);
  if ('errorType' in answer && !isReportedByRuntime(run.outcome)) to.log(answer.errorMessage);
  to.log(`END RequestId: ${requestId}`);
  to.log(toReport(invocation, run, 'errorType' in answer ? answer.errorType : undefined));
  return 'errorType' in answer
    ? { payload: JSON.stringify(answer), functionError: 'Unhandled', log: to.printed }
    : { payload: answer.payload, log: to.printed };
}

type Failure = Omit<RuntimeError, 'trace'> & { trace?: readonly string[] };

/** Answers as the Node.js runtime and Lambda's sandbox word them. */
function toAnswer(outcome: ThreadOutcome, { requestId, target }: Invocation): Failure | { payload: string } {
  const ended = `RequestId: ${requestId} Error: `;
  switch (outcome.kind) {
    case 'returned':
      return checkSize(outcome.payload);
    case 'failed':
      return outcome.error;
    case 'timed-out': {
      const errorMessage = `${ended}Task timed out after ${target.definition.Timeout.toFixed(2)} seconds`;
      return { errorType: 'Sandbox.Timedout', errorMessage };
    }
    case 'out-of-memory':
      return { errorType: 'Runtime.OutOfMemory', errorMessage: `${ended}Runtime exited with error: signal: killed` };
    case 'exited':
    case 'ready':
      return { errorType: 'Runtime.ExitError', errorMessage: ended + exitReason(outcome) };
    case 'interrupted':
      throw new AwsError('ServiceException', 'The local cloud stopped during the invocation.', {
        httpStatus: 500,
        members: { Type: 'Service' },
      });
  }
}

function isReportedByRuntime(outcome: ThreadOutcome): boolean {
  return outcome.kind === 'failed' || outcome.kind === 'returned';
}

function exitReason(outcome: ThreadOutcome): string {
  const code = outcome.kind === 'exited' ? outcome.exitCode : 0;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}

function checkSize(payload: string): Failure | { payload: string } {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= maxResponseBytes) return { payload };
  const errorMessage = `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${maxResponseBytes} bytes).`;
  return { errorType: 'Function.ResponseSizeTooLarge', errorMessage };
}

function toReport({ requestId, target }: Invocation, run: FinishedRun, errorType: string | undefined): string {
  const { outcome, durationMs, initMs } = run;
  const used = 'heapBytes' in outcome ? Math.ceil(outcome.heapBytes / 1_048_576) : target.definition.MemorySize;
  const status = errorType === undefined ? '' : reportStatus(outcome, errorType);
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${target.definition.MemorySize} MB`,
    `Max Memory Used: ${used} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    status,
  ].join('\t');
}

function reportStatus(outcome: ThreadOutcome, errorType: string): string {
  return outcome.kind === 'timed-out' ? 'Status: timeout' : `Status: error\tError Type: ${errorType}`;
}
