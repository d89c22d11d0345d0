import type { Store } from '../../../store/store.ts';

/** Refs by full name, with the commits they stand for. */
export type Refs = ReadonlyMap<string, string>;

/** The row that says that a repository has been looked at, also where it had no refs. */
const seen = '';

/** Where the refs of a repository stood when it was looked at last; undefined if it never was. */
export function knownRefs(store: Store, repository: string): Refs | undefined {
  const rows = store.statement('SELECT name, commit_id FROM codepipeline_refs WHERE repository = ?').all(repository);
  if (rows.length === 0) return undefined;
  const refs = new Map(rows.map((row) => [String(row['name']), String(row['commit_id'])]));
  refs.delete(seen);
  return refs;
}

/** Keeps where the refs of a repository stand now. */
export function putRefs(store: Store, repository: string, refs: Refs): void {
  forgetRefs(store, repository);
  const insert = store.statement('INSERT INTO codepipeline_refs (repository, name, commit_id) VALUES (?, ?, ?)');
  for (const [name, commit] of [[seen, ''] as const, ...refs]) insert.run(repository, name, commit);
}

/** Forgets a repository: the next look at it is the first. */
export function forgetRefs(store: Store, repository: string): void {
  store.statement('DELETE FROM codepipeline_refs WHERE repository = ?').run(repository);
}

/** Every repository that has been looked at. */
export function knownRepositories(store: Store): string[] {
  const rows = store.statement("SELECT repository FROM codepipeline_refs WHERE name = ''").all();
  return rows.map((row) => String(row['repository']));
}
