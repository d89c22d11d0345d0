import { AwsError } from '../../errors.ts';
import type { FunctionThread } from './function-thread.ts';
import type { FunctionVersion } from './function-store.ts';
import { Patience } from './patience.ts';

/** A thread lent for one invocation. */
export interface Lease {
  readonly thread: FunctionThread;
  /** True if it has to be initialized first. */
  readonly isCold: boolean;
  /** Gives the thread back; one that has ended or is stale is not kept. */
  release(): void;
}

/** Lends threads, keeps those that are idle warm, and holds their number down over all functions. */
export interface ThreadPool {
  /**
   * A warm thread of this revision, or a new one. Waits for a place when all are busy; the function that runs least goes
   * first, so that a burst of one does not stop the others. A revision that has some threads already waits a moment for
   * one of them first: short work is done by it before another one has started and has been warmed up.
   * @throws AwsError `TooManyRequestsException` over the function's reserved concurrency, or after `maxWaitMs`
   */
  lend(version: FunctionVersion, maxWaitMs: number): Promise<Lease>;
  /** Ends the threads of a revision that is no longer current: idle ones now, busy ones when they are done. */
  retire(revisionId: string): void;
  /** Ends everything; what waits is refused with `ServiceException`. */
  close(): Promise<void>;
}

/** How many threads there may be. */
export interface PoolLimits {
  readonly maxThreads: number;
  readonly maxIdleThreads: number;
  /** How long more threads than that stay, so that the next moment of a burst finds them warm; 0 by default. */
  readonly idleGraceMs?: number;
  /** How many threads of one revision are started without patience; all by default. */
  readonly impatientThreads?: number;
}

/** Opens a pool; `makeThread` starts a thread of a function, `reservedOf` tells its reserved concurrency. */
export function openThreadPool(
  limits: PoolLimits,
  makeThread: (version: FunctionVersion) => FunctionThread,
  reservedOf: (name: string) => number | undefined,
): ThreadPool {
  return new WarmThreadPool(limits, makeThread, reservedOf);
}

interface Kept {
  readonly thread: FunctionThread;
  readonly version: FunctionVersion;
}

interface Waiter {
  readonly version: FunctionVersion;
  /** Whether only a warm thread will do, for now. */
  readonly isPatient: boolean;
  serve(): void;
  /** A thread of its revision has been given back: the queue moves, and its patience begins anew. */
  refresh(): void;
  refuse(error: AwsError): void;
}

class WarmThreadPool implements ThreadPool {
  readonly #limits: PoolLimits;
  readonly #makeThread: (version: FunctionVersion) => FunctionThread;
  readonly #reservedOf: (name: string) => number | undefined;
  /** Least recently used first. */
  #idle: Kept[] = [];
  readonly #busy = new Set<Kept>();
  #waiters: Waiter[] = [];
  readonly #retired = new Set<string>();
  #isClosed = false;
  #trimming: NodeJS.Timeout | undefined;

  constructor(
    limits: PoolLimits,
    makeThread: (version: FunctionVersion) => FunctionThread,
    reservedOf: (name: string) => number | undefined,
  ) {
    this.#limits = limits;
    this.#makeThread = makeThread;
    this.#reservedOf = reservedOf;
  }

  async lend(version: FunctionVersion, maxWaitMs: number): Promise<Lease> {
    if (this.#isClosed) throw stopping();
    const reserved = this.#reservedOf(version.name);
    const waiting = this.#waiters.filter((waiter) => waiter.version.name === version.name).length;
    if (reserved !== undefined && this.#running(version.name) + waiting >= reserved) {
      throw tooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    const isPatient = this.#hasThreadsToWaitFor(version);
    return this.#take(version, isPatient) ?? this.#wait(version, maxWaitMs, isPatient);
  }

  retire(revisionId: string): void {
    this.#retired.add(revisionId);
    for (const kept of this.#idle.filter(({ version }) => version.revisionId === revisionId)) this.#discard(kept);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#trimming);
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(stopping());
    await Promise.all([...this.#idle, ...this.#busy].map(({ thread }) => thread.end()));
    this.#idle = [];
  }

  #running(name: string): number {
    return [...this.#busy].filter(({ version }) => version.name === name).length;
  }

  #busyOf({ revisionId }: FunctionVersion): Kept[] {
    return [...this.#busy].filter(({ version }) => version.revisionId === revisionId);
  }

  #hasThreadsToWaitFor(version: FunctionVersion): boolean {
    return this.#busyOf(version).length >= (this.#limits.impatientThreads ?? Infinity);
  }

  #take(version: FunctionVersion, onlyWarm: boolean): Lease | undefined {
    const warm = this.#idle.findLast((kept) => kept.version.revisionId === version.revisionId && kept.thread.isAlive);
    if (warm) {
      this.#idle = this.#idle.filter((kept) => kept !== warm);
      return this.#lease(warm, false);
    }
    if (onlyWarm || this.#busy.size >= this.#limits.maxThreads) return undefined;
    const [oldest] = this.#idle;
    if (oldest && this.#busy.size + this.#idle.length >= this.#limits.maxThreads) this.#discard(oldest);
    return this.#lease({ thread: this.#makeThread(version), version }, true);
  }

  #lease(kept: Kept, isCold: boolean): Lease {
    this.#busy.add(kept);
    return {
      thread: kept.thread,
      isCold,
      release: () => {
        if (!this.#busy.delete(kept)) return;
        this.#keep(kept);
        for (const waiter of this.#waiters) if (isSame(waiter, kept)) waiter.refresh();
        this.#serveWaiter(kept);
      },
    };
  }

  #keep(kept: Kept): void {
    const isCurrent = kept.thread.isAlive && !this.#retired.has(kept.version.revisionId) && !this.#isClosed;
    if (!isCurrent) return void kept.thread.end();
    this.#idle.push(kept);
    const { idleGraceMs = 0 } = this.#limits;
    if (this.#idle.length <= this.#limits.maxIdleThreads) return;
    if (idleGraceMs === 0) this.#endIdle();
    else this.#endIdleLater(idleGraceMs);
  }

  /** Ends those that have been idle longest, down to the limit. */
  #endIdle(): void {
    const tooMany = Math.max(0, this.#idle.length - this.#limits.maxIdleThreads);
    for (const kept of this.#idle.slice(0, tooMany)) this.#discard(kept);
  }

  /** Once nothing has been given back for the whole while: a burst that goes on moves the moment on. */
  #endIdleLater(graceMs: number): void {
    if (this.#trimming) this.#trimming.refresh();
    else this.#trimming = setTimeout(() => this.#endIdle(), graceMs).unref();
  }

  #discard(kept: Kept): void {
    this.#idle = this.#idle.filter((other) => other !== kept);
    void kept.thread.end();
  }

  #wait(version: FunctionVersion, maxWaitMs: number, isPatient: boolean): Promise<Lease> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(tooLate);
        patience.end();
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
      };
      const patience = new Patience(
        isPatient,
        () => this.#isStarting(version),
        () => waiter.serve(),
      );
      const waiter: Waiter = {
        version,
        get isPatient() {
          return patience.lasts;
        },
        refresh: () => patience.refresh(),
        serve: () => {
          const lease = this.#take(version, patience.lasts);
          if (!lease) return;
          leave();
          resolve(lease);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const refuseLate = (): void => waiter.refuse(tooManyRequests('ConcurrentInvocationLimitExceeded'));
      const tooLate = maxWaitMs === Infinity ? undefined : setTimeout(refuseLate, maxWaitMs);
      this.#waiters.push(waiter);
    });
  }

  #isStarting(version: FunctionVersion): boolean {
    return this.#busyOf(version).some(({ thread }) => thread.isAlive && !thread.isReady);
  }

  #serveWaiter(given: Kept): void {
    const [first, ...others] = this.#waiters.filter((waiter) => !waiter.isPatient || isSame(waiter, given));
    if (!first) return;
    const running = ({ version }: Waiter): number => this.#running(version.name);
    others.reduce((best, waiter) => (running(waiter) < running(best) ? waiter : best), first).serve();
  }
}

function isSame(one: { readonly version: FunctionVersion }, other: { readonly version: FunctionVersion }): boolean {
  return one.version.revisionId === other.version.revisionId;
}

function tooManyRequests(Reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    httpStatus: 429,
    members: { Type: 'User', Reason, retryAfterSeconds: '1' },
  });
}

function stopping(): AwsError {
  return new AwsError('ServiceException', 'The local cloud is stopping.', {
    httpStatus: 500,
    members: { Type: 'Service' },
  });
}
