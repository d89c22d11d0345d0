import { randomBytes } from 'node:crypto';
import type { CloudClock } from '../../clock/clock.ts';
import { AwsError } from '../../errors.ts';
import type { CloudContext } from '../service-module.ts';
import type { FunctionLogs } from './function-logs.ts';
import type { FunctionThread, ThreadOutcome } from './function-thread.ts';
import type { Invocation } from './invocation-request.ts';
import { toInvocationResult, type FinishedRun, type InvocationResult } from './invocation-result.ts';
import { invocationMetrics, throttleMetrics } from './invocation-metrics.ts';
import type { ThreadPool } from './thread-pool.ts';

/** What running a function needs. */
export interface InvocationTools {
  readonly pool: ThreadPool;
  readonly logs: FunctionLogs;
  readonly clock: CloudClock;
  /** Real milliseconds for a first try to load the handler; a second one has the function's own time-out. */
  readonly initLimitMs: number;
  /** Where the lines that a running invocation prints are gathered, by request id. */
  readonly tails: Map<string, string[]>;
  readonly putMetrics: CloudContext['putMetrics'];
}

/**
 * Runs one invocation to its result and logs it; a function that fails is a result, not an error. The cloud's clock is
 * held meanwhile.
 * @throws AwsError `TooManyRequestsException` when there is no place, `ServiceException` when the cloud stops meanwhile
 */
export async function runInvocation(invocation: Invocation, tools: InvocationTools): Promise<InvocationResult> {
  const { target, requestId } = invocation;
  const printed: string[] = [];
  const log = (message: string): void => {
    printed.push(message);
    tools.logs.append(target.name, { at: new Date(tools.clock.nowMs()).toISOString(), requestId, message });
  };
  const releaseClock = tools.clock.hold();
  tools.tails.set(requestId, printed);
  try {
    const run = await runInThread(invocation, tools, () =>
      log(`START RequestId: ${requestId} Version: ${target.version}`),
    );
    const result = toInvocationResult(invocation, run, { log, printed });
    tools.putMetrics(invocationMetrics(invocation, result, run.durationMs));
    return result;
  } catch (error) {
    const isThrottled = error instanceof AwsError && error.code === 'TooManyRequestsException';
    if (isThrottled) tools.putMetrics(throttleMetrics(invocation));
    throw error;
  } finally {
    tools.tails.delete(requestId);
    releaseClock();
  }
}

async function runInThread(invocation: Invocation, tools: InvocationTools, onStart: () => void): Promise<FinishedRun> {
  const lease = await tools.pool.lend(invocation.target, invocation.maxWaitMs);
  onStart();
  try {
    if (!lease.isCold) return await callHandler(invocation, lease.thread);
    const beganMs = performance.now();
    const outcome = await lease.thread.initialized(tools.initLimitMs);
    const initMs = performance.now() - beganMs;
    if (outcome.kind === 'ready') return { ...(await callHandler(invocation, lease.thread)), initMs };
    if (outcome.kind !== 'timed-out') return { outcome, durationMs: 0, initMs };
  } finally {
    lease.release();
  }
  return runSlowStarter(invocation, tools);
}

/** Lambda loads a handler that was too slow once more, now as part of the invocation. */
async function runSlowStarter(invocation: Invocation, tools: InvocationTools): Promise<FinishedRun> {
  const lease = await tools.pool.lend(invocation.target, invocation.maxWaitMs);
  const beganMs = performance.now();
  try {
    if (lease.isCold) {
      const outcome = await lease.thread.initialized(timeoutMs(invocation));
      if (outcome.kind !== 'ready') return { outcome, durationMs: performance.now() - beganMs };
    }
    return await callHandler(invocation, lease.thread, beganMs);
  } finally {
    lease.release();
  }
}

async function callHandler(
  invocation: Invocation,
  thread: FunctionThread,
  beganMs = performance.now(),
): Promise<FinishedRun> {
  const { requestId, event, clientContext, target } = invocation;
  const limitMs = Math.max(1, timeoutMs(invocation) - (performance.now() - beganMs));
  const outcome: ThreadOutcome = await thread.invoke(
    {
      requestId,
      event,
      ...(clientContext !== undefined && { clientContext }),
      invokedFunctionArn: target.invokedArn,
      deadlineEpochMs: Date.now() + limitMs,
      traceId: newTraceId(),
    },
    limitMs,
  );
  return { outcome, durationMs: performance.now() - beganMs };
}

function timeoutMs({ target }: Invocation): number {
  return target.definition.Timeout * 1000;
}

function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
