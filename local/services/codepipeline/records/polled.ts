import type { Store } from '../../../store/store.ts';

/** What polling has found in the place that a source action names; the revision is empty where there was nothing. */
export interface Polled {
  readonly place: string;
  readonly revision: string;
}

/** What polling found for a source action last, if it has polled. */
export function findPolled(store: Store, pipeline: string, action: string): Polled | undefined {
  const row = store
    .statement('SELECT place, revision FROM codepipeline_polled WHERE pipeline = ? AND action = ?')
    .get(pipeline, action);
  return row && { place: String(row['place']), revision: String(row['revision']) };
}

/** Keeps what polling has found for a source action. */
export function putPolled(store: Store, pipeline: string, action: string, { place, revision }: Polled): void {
  store
    .statement('INSERT OR REPLACE INTO codepipeline_polled (pipeline, action, place, revision) VALUES (?, ?, ?, ?)')
    .run(pipeline, action, place, revision);
}

/** Forgets what polling has found for a pipeline's sources. */
export function forgetPolled(store: Store, pipeline: string): void {
  store.statement('DELETE FROM codepipeline_polled WHERE pipeline = ?').run(pipeline);
}
