import type { InvokedFunction } from './function-store.ts';

/** One event on its way into a function. */
export interface Invocation {
  readonly target: InvokedFunction;
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  /** JSON text. */
  readonly clientContext?: string;
  /** How long, in real time, it may wait for a place. */
  readonly maxWaitMs: number;
}
