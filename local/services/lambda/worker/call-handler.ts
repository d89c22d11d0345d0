import { parentPort } from 'node:worker_threads';
import type { InvokeContext } from './invoke-context.ts';
import type { Handler } from './load-handler.ts';
import { NamedRuntimeError } from './runtime-error.ts';

const callbackRefusal =
  'ERROR: AWS Lambda does not support callback-based function handlers when using Node.js 24 and above. ' +
  'To use Node.js 24, modify your handler to be async, or return a promise.';

/**
 * Refuses a handler that takes a callback, as the runtime does from Node.js 24 on.
 * @throws NamedRuntimeError `Runtime.CallbackHandlerDeprecated`
 */
export function refuseCallbackHandler(handler: Handler): void {
  if (handler.length >= 3) throw new NamedRuntimeError('Runtime.CallbackHandlerDeprecated', callbackRefusal);
}

/**
 * Calls a handler of an older runtime, which may answer by promise, by callback or by `context.done`. Without a promise
 * the answer counts once the event loop is empty, unless `callbackWaitsForEmptyEventLoop` is false.
 */
export function callEitherStyle(handler: Handler, event: unknown, context: InvokeContext): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let answer: unknown = null;
    const finish = (): void => {
      process.removeListener('beforeExit', finish);
      parentPort?.ref();
      resolve(answer);
    };
    const callback = (error: unknown, result?: unknown): void => {
      if (error !== null && error !== undefined) return reject(error);
      answer = result;
      if (!context.callbackWaitsForEmptyEventLoop) finish();
    };
    const succeed = (result: unknown): void => callback(null, result);
    Object.assign(context, { done: callback, succeed, fail: (error: unknown) => callback(error ?? 'handled') });
    const returned = handler(event, context, callback);
    if (isThenable(returned)) {
      returned.then(resolve, reject);
      return;
    }
    // `beforeExit` comes when nothing but the port to the main thread is left.
    process.once('beforeExit', finish);
    parentPort?.unref();
  });
}

function isThenable(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
