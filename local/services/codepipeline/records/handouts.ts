import type { Store } from '../../../store/store.ts';

/** The newest hand-out of a job to a worker. */
export interface HandOut {
  /** What the worker acknowledges the job with; another one at each hand-out. */
  readonly nonce: string;
  /** When the job goes to the next worker that asks, unless it has been acknowledged. */
  readonly againMs: number;
}

/** Keeps a job's newest hand-out; the one before is void. */
export function putHandOut(store: Store, job: string, { nonce, againMs }: HandOut): void {
  store
    .statement('INSERT OR REPLACE INTO codepipeline_handouts (job, nonce, again_ms) VALUES (?, ?, ?)')
    .run(job, nonce, againMs);
}

/** The newest hand-out of a job, if it has been handed out. */
export function findHandOut(store: Store, job: string): HandOut | undefined {
  const row = store.statement('SELECT * FROM codepipeline_handouts WHERE job = ?').get(job);
  return row && { nonce: String(row['nonce']), againMs: Number(row['again_ms']) };
}

/** The ids of the jobs that a worker may be handed now, oldest first: queued, or handed out and not acknowledged in time. */
export function jobsToHandOut(store: Store, nowMs: number): string[] {
  const rows = store
    .statement(
      `SELECT jobs.id FROM codepipeline_jobs AS jobs LEFT JOIN codepipeline_handouts AS handouts ON handouts.job = jobs.id
       WHERE jobs.status = 'Queued' OR (jobs.status = 'Dispatched' AND handouts.again_ms <= ?) ORDER BY jobs.rowid`,
    )
    .all(nowMs);
  return rows.map((row) => String(row['id']));
}
