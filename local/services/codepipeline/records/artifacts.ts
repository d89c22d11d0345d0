import { randomInt } from 'node:crypto';
import type { Store } from '../../../store/store.ts';

/** Where an artifact's zip lies. */
export interface ArtifactLocation {
  readonly bucket: string;
  readonly key: string;
}

/** What a source action says of the revision it fetched. */
export interface ArtifactRevision {
  readonly revisionId: string;
  readonly changeIdentifier?: string;
  readonly summary?: string;
  readonly url?: string;
  readonly createdMs?: number;
}

/** An artifact that an action of this execution has made. */
export interface ArtifactRecord extends ArtifactLocation {
  readonly name: string;
  readonly action: string;
  readonly revision?: ArtifactRevision;
}

const keyAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new place in the artifact store: the pipeline's name cut to 20, the artifact's cut to 10, seven random characters. */
export function newArtifactKey(pipeline: string, artifact: string): string {
  const random = Array.from({ length: 7 }, () => keyAlphabet[randomInt(keyAlphabet.length)]).join('');
  return `${pipeline.slice(0, 20)}/${artifact.slice(0, 10)}/${random}`;
}

/** Keeps an artifact of an execution; one of the same name is replaced. */
export function putArtifact(store: Store, execution: string, artifact: ArtifactRecord): void {
  store
    .statement(
      `INSERT OR REPLACE INTO codepipeline_artifacts (execution, name, action, bucket, key, revision)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(
      execution,
      artifact.name,
      artifact.action,
      artifact.bucket,
      artifact.key,
      artifact.revision ? JSON.stringify(artifact.revision) : null,
    );
}

/** The artifacts that an execution has so far, by name. */
export function artifactsOf(store: Store, execution: string): ReadonlyMap<string, ArtifactRecord> {
  const rows = store.statement('SELECT * FROM codepipeline_artifacts WHERE execution = ? ORDER BY name').all(execution);
  // The columns are STRICT and written only in this file.
  const artifacts = (rows as unknown as ArtifactRow[]).map(fromRow);
  return new Map(artifacts.map((artifact) => [artifact.name, artifact]));
}

/** The newest execution of a pipeline whose source action has fetched, or was asked for, a revision. */
export function findByRevision(
  store: Store,
  pipeline: string,
  { action, revision }: { action: string; revision: string },
): string | undefined {
  const row = store
    .statement(
      `SELECT id FROM codepipeline_executions AS run WHERE pipeline = :pipeline AND (
         EXISTS (SELECT 1 FROM codepipeline_artifacts WHERE execution = run.id AND action = :action
           AND revision ->> '$.revisionId' = :revision)
         OR EXISTS (SELECT 1 FROM json_each(run.source_revisions) AS asked WHERE asked.value ->> '$.actionName' = :action
           AND asked.value ->> '$.revisionValue' = :revision))
       ORDER BY sequence DESC LIMIT 1`,
    )
    .get({ pipeline, action, revision });
  return row && String(row['id']);
}

interface ArtifactRow {
  readonly name: string;
  readonly action: string;
  readonly bucket: string;
  readonly key: string;
  readonly revision: string | null;
}

function fromRow({ name, action, bucket, key, revision }: ArtifactRow): ArtifactRecord {
  // The revision was written by putArtifact.
  const read = revision === null ? {} : { revision: JSON.parse(revision) as ArtifactRevision };
  return { name, action, bucket, key, ...read };
}
