import type { PipelineDeclaration, Tag } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';
import { readStructure, type Structure } from '../structure/structure.ts';

/** A pipeline in its current version. */
export interface PipelineRecord {
  readonly name: string;
  readonly version: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tags: readonly Tag[];
}

/** Adds a pipeline whose first version is `declaration`. */
export function addPipeline(
  store: Store,
  declaration: PipelineDeclaration,
  made: { nowMs: number; tags: Tag[] },
): void {
  store
    .statement(
      'INSERT INTO codepipeline_pipelines (name, version, created_ms, updated_ms, tags) VALUES (?, 1, ?, ?, ?)',
    )
    .run(nameOf(declaration), made.nowMs, made.nowMs, JSON.stringify(made.tags));
  addVersion(store, declaration, 1);
}

/** Makes `declaration` the pipeline's version `version`, and the current one. */
export function replacePipeline(store: Store, declaration: PipelineDeclaration, version: number, nowMs: number): void {
  store
    .statement('UPDATE codepipeline_pipelines SET version = ?, updated_ms = ? WHERE name = ?')
    .run(version, nowMs, nameOf(declaration));
  addVersion(store, declaration, version);
}

/** Forgets a pipeline with all its versions and all its history. */
export function removePipeline(store: Store, name: string): void {
  const executions = '(SELECT id FROM codepipeline_executions WHERE pipeline = ?)';
  for (const sql of [
    `DELETE FROM codepipeline_artifacts WHERE execution IN ${executions}`,
    `DELETE FROM codepipeline_jobs WHERE action_execution IN (SELECT id FROM codepipeline_actions WHERE pipeline = ?)`,
    `DELETE FROM codepipeline_overrides WHERE execution IN ${executions}`,
    'DELETE FROM codepipeline_actions WHERE pipeline = ?',
    'DELETE FROM codepipeline_stages WHERE pipeline = ?',
    'DELETE FROM codepipeline_transitions WHERE pipeline = ?',
    'DELETE FROM codepipeline_polled WHERE pipeline = ?',
    'DELETE FROM codepipeline_executions WHERE pipeline = ?',
    'DELETE FROM codepipeline_versions WHERE pipeline = ?',
    'DELETE FROM codepipeline_pipelines WHERE name = ?',
  ]) {
    store.statement(sql).run(name);
  }
}

/** The pipeline of that name, if there is one. */
export function findPipeline(store: Store, name: string): PipelineRecord | undefined {
  const row = store.statement('SELECT * FROM codepipeline_pipelines WHERE name = ?').get(name);
  // The columns are STRICT and written only in this file.
  return row && fromRow(row as unknown as PipelineRow);
}

/** How many pipelines there are. */
export function countPipelines(store: Store): number {
  return Number(store.statement('SELECT count(*) AS count FROM codepipeline_pipelines').get()?.['count']);
}

/** All pipelines by name. */
export function allPipelines(store: Store): PipelineRecord[] {
  const rows = store.statement('SELECT * FROM codepipeline_pipelines ORDER BY name').all();
  // As above.
  return (rows as unknown as PipelineRow[]).map(fromRow);
}

/** The declaration of one version, as it was given (with its version number). */
export function findDeclaration(store: Store, name: string, version: number): PipelineDeclaration | undefined {
  const row = store
    .statement('SELECT declaration FROM codepipeline_versions WHERE pipeline = ? AND version = ?')
    .get(name, version);
  // Written by addVersion from a declaration that had been checked.
  return row && (JSON.parse(String(row['declaration'])) as PipelineDeclaration);
}

/** The structure of a version that exists. */
export function structureOf(store: Store, name: string, version: number): Structure {
  const declaration = findDeclaration(store, name, version);
  if (!declaration) throw new Error(`pipeline ${name} has no version ${version}`);
  return readStructure(declaration);
}

function addVersion(store: Store, declaration: PipelineDeclaration, version: number): void {
  store
    .statement('INSERT INTO codepipeline_versions (pipeline, version, declaration) VALUES (?, ?, ?)')
    .run(nameOf(declaration), version, JSON.stringify({ ...declaration, version }));
}

function nameOf(declaration: PipelineDeclaration): string {
  return readStructure(declaration).name;
}

interface PipelineRow {
  readonly name: string;
  readonly version: number;
  readonly created_ms: number;
  readonly updated_ms: number;
  readonly tags: string;
}

function fromRow(row: PipelineRow): PipelineRecord {
  // The tags were checked before they were written.
  const tags = JSON.parse(row.tags) as Tag[];
  return { name: row.name, version: row.version, createdMs: row.created_ms, updatedMs: row.updated_ms, tags };
}
