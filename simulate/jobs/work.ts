/** The work that an action begins elsewhere, and what was done to it. */
export interface Work {
  ran(jobId: string): Promise<void>;
  begin(jobId: string): Promise<void>;
  check(jobId: string): Promise<'runs' | 'good' | 'bad'>;
  cancel(jobId: string): Promise<void>;
}

/** What was seen of it, in milliseconds of the run's clock. */
export interface WorkSeen {
  /** How often the action's `run` was called for a job. */
  readonly runs: ReadonlyMap<string, number>;
  readonly endsAtMs: number | undefined;
  readonly outcome: 'good' | 'bad';
  /** When a check last found the work's end. */
  readonly foundAtMs: number | undefined;
  readonly cancelledAtMs: readonly number[];
}

/** Work that takes `seconds` from its first beginning, and tells its end to `ended`. */
export function openWork(options: {
  readonly seconds: number;
  readonly outcome: 'good' | 'bad';
  readonly nowMs: () => number;
  /** A call that an action makes; it may fail, or be the last of its function. */
  readonly call: <T>(effect: () => T) => Promise<T>;
  readonly begun: (jobId: string, endsAtMs: number) => void;
}): Work & { readonly seen: () => WorkSeen } {
  const { seconds, outcome, nowMs, call } = options;
  const runs = new Map<string, number>();
  const cancelledAtMs: number[] = [];
  let endsAtMs: number | undefined;
  let foundAtMs: number | undefined;
  return {
    async ran(jobId) {
      runs.set(jobId, (runs.get(jobId) ?? 0) + 1);
    },
    begin: (jobId) =>
      call(() => {
        if (endsAtMs !== undefined) return;
        endsAtMs = nowMs() + seconds * 1000;
        options.begun(jobId, endsAtMs);
      }),
    check: () =>
      call(() => {
        if (endsAtMs === undefined || nowMs() < endsAtMs) return 'runs';
        foundAtMs ??= nowMs();
        return outcome;
      }),
    cancel: () => call(() => void cancelledAtMs.push(nowMs())),
    seen: () => ({ runs, endsAtMs, outcome, foundAtMs, cancelledAtMs }),
  };
}
