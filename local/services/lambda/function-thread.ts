import { Worker } from 'node:worker_threads';
import { isThreadMessage, type InvokeMessage, type ThreadMessage, type ThreadStart } from './worker/protocol.ts';

/** How what a thread was asked for ended: by its own word, or by its end. */
export type ThreadOutcome =
  | Exclude<ThreadMessage, { kind: 'log' }>
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'interrupted' };

/** What a thread is made of. */
export interface ThreadOptions {
  readonly entry: URL;
  readonly start: ThreadStart;
  readonly environment: Record<string, string>;
  readonly memoryMegabytes: number;
  /** Gets every line that the thread prints. */
  onLog(requestId: string, text: string): void;
}

/** V8 would let the garbage of each thread grow to 48 MB before it looks; a thread that waits would keep it. */
const maxYoungGenerationSizeMb = 6;

/** One thread of one function: it is initialized once and then does one invocation at a time. */
export class FunctionThread {
  readonly #worker: Worker;
  #settle: ((outcome: ThreadOutcome) => void) | undefined;
  #end: ThreadOutcome | undefined;
  #isReady = false;

  constructor(options: ThreadOptions) {
    this.#worker = new Worker(options.entry, {
      env: options.environment,
      workerData: options.start,
      execArgv: [],
      argv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes, maxYoungGenerationSizeMb },
    });
    this.#worker.on('message', (message: unknown) => {
      if (!isThreadMessage(message)) return;
      if (message.kind === 'log') options.onLog(message.requestId, message.text);
      else this.#tell(message);
    });
    // Every other error is reported by the thread itself.
    this.#worker.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.#finish({ kind: 'out-of-memory' });
      else options.onLog('', `${error.stack ?? error.message}`);
    });
    this.#worker.on('exit', (exitCode) => this.#finish({ kind: 'exited', exitCode }));
  }

  /** False once the thread has ended or has said that it will. */
  get isAlive(): boolean {
    return this.#end === undefined;
  }

  /** Whether the handler has been loaded. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Waits for the handler to be loaded. */
  initialized(limitMs: number): Promise<ThreadOutcome> {
    return this.#next(limitMs);
  }

  /** Runs one invocation; the limit is in real time and kills, even a busy loop. */
  invoke(message: InvokeMessage, limitMs: number): Promise<ThreadOutcome> {
    const outcome = this.#next(limitMs);
    this.#worker.postMessage(message);
    return outcome;
  }

  /** Ends the thread; an invocation in it is `interrupted`. */
  async end(outcome: ThreadOutcome = { kind: 'interrupted' }): Promise<void> {
    this.#finish(outcome);
    await this.#worker.terminate();
  }

  #next(limitMs: number): Promise<ThreadOutcome> {
    if (this.#end) return Promise.resolve(this.#end);
    return new Promise((resolve) => {
      const deadline = setTimeout(() => void this.end({ kind: 'timed-out' }), limitMs);
      this.#settle = (outcome) => {
        clearTimeout(deadline);
        resolve(outcome);
      };
    });
  }

  #tell(outcome: ThreadOutcome): void {
    if (outcome.kind === 'failed' && outcome.isFatal) return this.#finish(outcome);
    this.#isReady = true;
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }

  #finish(outcome: ThreadOutcome): void {
    if (this.#end) return;
    this.#end = outcome;
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }
}
