// What a function's thread runs. It imports nothing but Node's own modules and its neighbours: for speed it is also run
// as plain JavaScript from another folder (see ../thread-entry.ts).
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { answerInClear } from './answer-in-clear.ts';
import { callEitherStyle, refuseCallbackHandler } from './call-handler.ts';
import { showCloudTime } from './cloud-date.ts';
import { capturePrinting } from './console.ts';
import { makeInvokeContext } from './invoke-context.ts';
import { loadHandler, type Handler } from './load-handler.ts';
import { hidePackagesAbove } from './module-boundary.ts';
import { keepOwnSignals } from './own-signals.ts';
import { findPrefixedHost } from './prefixed-host.ts';
import type { InvokeMessage, ThreadMessage, ThreadStart } from './protocol.ts';
import { NamedRuntimeError, toLoggedError, toRuntimeError } from './runtime-error.ts';

// The thread is made with exactly this by ../function-thread.ts.
const start = workerData as ThreadStart;
let requestId = '';

function say(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

function sayFailed(thrown: unknown, isFatal: boolean): void {
  const heapBytes = getHeapStatistics().used_heap_size;
  say({ kind: 'failed', error: toRuntimeError(thrown), heapBytes, isFatal });
}

function failFatally(label: string, thrown: unknown): void {
  console.error(`${label} \t${toLoggedError(thrown)}`);
  sayFailed(thrown, true);
  process.exit(129);
}

async function initialize(): Promise<Handler> {
  const handler = await loadHandler(start.taskRoot, start.handler);
  if (!start.takesCallbacks) refuseCallbackHandler(handler);
  return handler;
}

function toPayload(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new NamedRuntimeError('Runtime.JSONStringifyError', 'Unable to stringify response body');
  }
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  requestId = message.requestId;
  process.env['_X_AMZN_TRACE_ID'] = message.traceId;
  try {
    const context = makeInvokeContext(message);
    const event = JSON.parse(message.event) as unknown;
    const result = start.takesCallbacks
      ? await callEitherStyle(handler, event, context)
      : await handler(event, context);
    say({ kind: 'returned', payload: toPayload(result), heapBytes: getHeapStatistics().used_heap_size });
  } catch (error) {
    console.error(`Invoke Error \t${toLoggedError(error)}`);
    sayFailed(error, false);
  }
}

if (start.clock) showCloudTime(start.clock);
keepOwnSignals();
if (start.endpoint !== undefined) {
  answerInClear(start.endpoint);
  findPrefixedHost(start.endpoint);
}
capturePrinting(
  (text) => say({ kind: 'log', requestId, text }),
  start.logFormat,
  () => requestId,
);
process.on('uncaughtException', (error) => failFatally('Uncaught Exception', error));
process.on('unhandledRejection', (reason) => {
  const stack = reason instanceof Error ? reason.stack : undefined;
  failFatally(
    'Unhandled Promise Rejection',
    new NamedRuntimeError('Runtime.UnhandledPromiseRejection', String(reason), stack),
  );
});

try {
  hidePackagesAbove(start.taskRoot, start.runtimeFile);
  const handler = await initialize();
  parentPort?.on('message', (message: InvokeMessage) => void invoke(handler, message));
  say({ kind: 'ready' });
} catch (error) {
  failFatally('Uncaught Exception', error);
}
