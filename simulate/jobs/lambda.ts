import type { Context } from 'aws-lambda';
import { AwsError } from '../../local/errors.ts';
import { withCaller, type Caller } from './clients.ts';
import { account, type DeployedFunction } from './handlers.ts';
import type { Fault } from './plan.ts';
import type { Turns } from './turns.ts';

/** A call that a function or a workflow makes: it takes its time, may fail, or be the last one. */
export type Call = <T>(effect: () => T | Promise<T>, die: () => void) => Promise<T>;

/** Makes calls of which those fail that the plan names. */
export function faultyCalls(
  turns: Turns,
  plan: { readonly faults: readonly Fault[]; readonly latencyMs: () => number },
): Call {
  let callCount = 0;
  return async (effect, die) => {
    await turns.delay(plan.latencyMs());
    const fault = plan.faults.find(({ call }) => call === callCount);
    callCount += 1;
    if (!fault) return effect();
    if (fault.kind.endsWith('after its effect')) await effect();
    if (fault.kind.startsWith('dies')) die();
    throw new Error(`call ${fault.call} ${fault.kind}`);
  };
}

/** An asynchronous invocation, with the tries that are left. */
interface Request {
  readonly name: string;
  readonly event: unknown;
  readonly requestId: string;
  readonly left: number;
  readonly onFailure?: (() => void) | undefined;
}

/** What became of an invocation. */
type Ended = { readonly value: unknown } | { readonly errorType: string };

/** Lambda's side: invocations, retries of asynchronous ones, and the destination of those that failed. */
export interface LambdaSide {
  invoke(name: string, event: unknown): Promise<Ended>;
  /** Delivers at once; retries after a minute, and after two more (developer guide, "Asynchronous invocation"). */
  deliver(name: string, event: unknown, onFailure?: () => void): void;
}

/** Functions whose invocations call the services through `handle`. */
export function openLambda(options: {
  readonly functions: () => Readonly<Record<string, DeployedFunction>>;
  readonly turns: Turns;
  readonly nowMs: () => number;
  readonly call: Call;
  readonly handle: Caller;
  readonly isDeliveredTwice: () => number | undefined;
}): LambdaSide {
  const { turns, nowMs, call, handle } = options;
  let requestCount = 0;
  const invoke = async (name: string, event: unknown, requestId: string): Promise<Ended> => {
    const { handler, timeoutSeconds } = options.functions()[name] ?? {};
    if (!handler || timeoutSeconds === undefined)
      throw new AwsError('ResourceNotFoundException', `no function ${name}`);
    const deadlineMs = nowMs() + timeoutSeconds * 1000;
    let isDead = false;
    const die = (): void => void (isDead = true);
    const own: Call = async (effect) => {
      if (isDead) throw new Error('a dead function does nothing');
      return call(() => {
        if (nowMs() <= deadlineMs) return effect();
        die();
        throw new Error('the function is out of time');
      }, die);
    };
    const caller: Caller = (...made) => own(() => handle(...made), die);
    const context = contextOf(name, requestId, () => Math.max(0, deadlineMs - nowMs()));
    try {
      const value = await withCaller(caller, () => handler(event, context));
      return isDead ? { errorType: 'Runtime.ExitError' } : { value };
    } catch (thrown) {
      return { errorType: isDead || !(thrown instanceof Error) ? 'Runtime.ExitError' : thrown.name };
    }
  };
  const attempt = (request: Request): void => {
    const { name, event, requestId, left, onFailure } = request;
    turns.begin(async () => {
      const ended = await invoke(name, event, requestId);
      if ('value' in ended) return;
      if (left === 0) return onFailure?.();
      const retryCount = options.functions()[name]?.retryCount ?? 0;
      const afterMs = left === retryCount ? 60_000 : 120_000;
      turns.at(nowMs() + afterMs, () => attempt({ ...request, left: left - 1 }));
    });
  };
  return {
    invoke: (name, event) => invoke(name, event, `request-${(requestCount += 1)}`),
    deliver(name, event, onFailure) {
      const requestId = `request-${(requestCount += 1)}`;
      const retryCount = options.functions()[name]?.retryCount ?? 0;
      attempt({ name, event, requestId, left: retryCount, onFailure });
      const againMs = options.isDeliveredTwice();
      if (againMs !== undefined) turns.at(nowMs() + againMs, () => attempt({ name, event, requestId, left: 0 }));
    },
  };
}

function contextOf(functionName: string, awsRequestId: string, getRemainingTimeInMillis: () => number): Context {
  const invokedFunctionArn = `arn:aws:lambda:us-east-1:${account}:function:${functionName}`;
  // What the handlers read of it.
  return { functionName, awsRequestId, invokedFunctionArn, getRemainingTimeInMillis } as Context;
}
