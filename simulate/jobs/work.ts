import { ActionFailed } from '../../shared/actions/result.ts';

/** The work that an action begins elsewhere, for each of its attempts, and what was done to it. */
export interface Work {
  ran(jobId: string): Promise<void>;
  begin(jobId: string): Promise<void>;
  check(jobId: string): Promise<'runs' | 'good' | 'bad'>;
  cancel(jobId: string): Promise<void>;
}

/** What was seen of the work of one attempt, in milliseconds of the run's clock. */
export interface WorkSeen {
  readonly endsAtMs: number | undefined;
  readonly outcome: 'good' | 'bad';
  /** When a check last found the work's end. */
  readonly foundAtMs: number | undefined;
  readonly cancelledAtMs: readonly number[];
}

/** How the action's own function was called, and how its work went. */
export interface AllWork extends Work {
  /** How often the action's `run` was called, by job. */
  readonly runs: ReadonlyMap<string, number>;
  /** What was seen of the work that this job began. */
  seen(jobId: string): WorkSeen;
}

/** Work that takes `seconds` from its first beginning by a job, and tells its end to `begun`. */
export function openWork(options: {
  readonly seconds: number;
  readonly outcome: 'good' | 'bad';
  readonly nowMs: () => number;
  /** A call that an action makes; it may fail, or be the last of its function. */
  readonly call: <T>(effect: () => T) => Promise<T>;
  readonly begun: (jobId: string, endsAtMs: number) => void;
  /** Whether the service that knows of the work answers nothing now. */
  readonly isOut: () => boolean;
}): AllWork {
  const { seconds, outcome, nowMs, call } = options;
  const ask = async <T>(effect: () => T): Promise<T> => {
    if (options.isOut()) throw new ActionFailed('SystemUnavailable', 'the work answered 503');
    return call(effect);
  };
  const runs = new Map<string, number>();
  const works = new Map<string, { endsAtMs?: number; foundAtMs?: number; readonly cancelledAtMs: number[] }>();
  const workOf = (jobId: string) => {
    const work = works.get(jobId) ?? { cancelledAtMs: [] };
    works.set(jobId, work);
    return work;
  };
  return {
    runs,
    async ran(jobId) {
      runs.set(jobId, (runs.get(jobId) ?? 0) + 1);
    },
    begin: (jobId) =>
      call(() => {
        const work = workOf(jobId);
        if (work.endsAtMs !== undefined) return;
        work.endsAtMs = nowMs() + seconds * 1000;
        options.begun(jobId, work.endsAtMs);
      }),
    check: (jobId) =>
      ask(() => {
        const work = workOf(jobId);
        if (work.endsAtMs === undefined || nowMs() < work.endsAtMs) return 'runs';
        work.foundAtMs ??= nowMs();
        return outcome;
      }),
    cancel: (jobId) => ask(() => void workOf(jobId).cancelledAtMs.push(nowMs())),
    seen(jobId) {
      const { endsAtMs, foundAtMs, cancelledAtMs } = workOf(jobId);
      return { endsAtMs, foundAtMs, cancelledAtMs, outcome };
    },
  };
}
