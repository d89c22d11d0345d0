import type { StateMachineStatus, StateMachineType } from '@aws-sdk/client-sfn';
import type { Store } from '../../store/store.ts';

/** What a machine is at one time; never changed once written. */
export interface Revision {
  readonly id: number;
  readonly machineArn: string;
  /** Absent for the first one, as on AWS. */
  readonly revisionId?: string;
  readonly definition: string;
  readonly roleArn: string;
  /** LoggingConfiguration and TracingConfiguration as JSON texts, kept to be described. */
  readonly logging: string;
  readonly tracing: string;
  readonly createdAtMs: number;
}

/** A state machine, with its newest revision. */
export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly status: StateMachineStatus;
  readonly type: StateMachineType;
  readonly lastVersion: number;
  readonly createdAtMs: number;
  readonly revision: Revision;
}

/** A published version. Numbers are never used again. */
export interface Version {
  readonly machineArn: string;
  readonly number: number;
  readonly revision: number;
  readonly description?: string;
  readonly createdAtMs: number;
}

/** The machine with this unqualified ARN, also while it is being deleted. */
export function findMachine(store: Store, arn: string): Machine | undefined {
  const row = store.statement('SELECT * FROM states_machines WHERE arn = ?').get(arn);
  return row && toMachine(store, row);
}

/** Whether a machine goes away once its executions have ended. */
export function isMachineDeleting(store: Store, arn: string): boolean {
  return store.statement('SELECT status FROM states_machines WHERE arn = ?').get(arn)?.['status'] === 'DELETING';
}

/** Machines in the order of their making. */
export function listMachines(store: Store, page: { offset: number; count: number }): Machine[] {
  const sql = 'SELECT * FROM states_machines ORDER BY created_at_ms, name LIMIT ? OFFSET ?';
  return store
    .statement(sql)
    .all(page.count, page.offset)
    .map((row) => toMachine(store, row));
}

/** Writes a new machine that points to its first revision. */
export function insertMachine(
  store: Store,
  machine: { arn: string; name: string; type: StateMachineType; revision: number; tags: Tags; nowMs: number },
): void {
  store
    .statement(
      `INSERT INTO states_machines (arn, name, type, status, revision, last_version, tags, created_at_ms)
       VALUES (?, ?, ?, 'ACTIVE', ?, 0, ?, ?)`,
    )
    .run(machine.arn, machine.name, machine.type, machine.revision, JSON.stringify(machine.tags), machine.nowMs);
}

/** The tags of a machine: values by key. */
export type Tags = Readonly<Record<string, string>>;

/** The tags of the machine with this ARN. */
export function readTags(store: Store, arn: string): Tags {
  const row = store.statement('SELECT tags FROM states_machines WHERE arn = ?').get(arn);
  // Written by this file only. Older stores have a list here.
  const tags = JSON.parse(String(row?.['tags'] ?? '{}')) as Tags | { key: string; value: string }[];
  return Array.isArray(tags) ? Object.fromEntries(tags.map(({ key, value }) => [key, value])) : tags;
}

/** Replaces the tags of a machine. */
export function writeTags(store: Store, arn: string, tags: Tags): void {
  store.statement('UPDATE states_machines SET tags = ? WHERE arn = ?').run(JSON.stringify(tags), arn);
}

/** Points a machine to another revision. */
export function setRevision(store: Store, arn: string, revision: number): void {
  store.statement('UPDATE states_machines SET revision = ? WHERE arn = ?').run(revision, arn);
}

/** Says that a machine goes away when its last execution has ended. */
export function setDeleting(store: Store, arn: string): void {
  store.statement("UPDATE states_machines SET status = 'DELETING' WHERE arn = ?").run(arn);
}

/** Removes a machine with its versions and aliases. Its executions can still be described. */
export function deleteMachine(store: Store, arn: string): void {
  store.statement('DELETE FROM states_aliases WHERE machine_arn = ?').run(arn);
  store.statement('DELETE FROM states_versions WHERE machine_arn = ?').run(arn);
  store.statement('DELETE FROM states_machines WHERE arn = ?').run(arn);
}

/** Writes a revision and gives its number. */
export function insertRevision(store: Store, revision: Omit<Revision, 'id'>): number {
  const { lastInsertRowid } = store
    .statement(
      `INSERT INTO states_revisions (machine_arn, revision_id, definition, role_arn, logging, tracing, created_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      revision.machineArn,
      revision.revisionId ?? null,
      revision.definition,
      revision.roleArn,
      revision.logging,
      revision.tracing,
      revision.createdAtMs,
    );
  return Number(lastInsertRowid);
}

const maxKept = 1_000;
const kept = new WeakMap<Store, Map<number, Revision>>();

/** The revision with this number: read once, for a revision never changes. */
export function readRevision(store: Store, id: number): Revision {
  const revisions = kept.get(store) ?? new Map<number, Revision>();
  kept.set(store, revisions);
  const known = revisions.get(id);
  if (known) return known;
  const revision = selectRevision(store, id);
  // One that is rolled back leaves its number to another.
  store.afterCommit(() => {
    if (revisions.size >= maxKept) revisions.clear();
    revisions.set(id, revision);
  });
  return revision;
}

function selectRevision(store: Store, id: number): Revision {
  const row = store.statement('SELECT * FROM states_revisions WHERE id = ?').get(id);
  if (!row) throw new Error(`there is no revision ${id}`);
  return {
    id,
    machineArn: String(row['machine_arn']),
    ...(row['revision_id'] !== null && { revisionId: String(row['revision_id']) }),
    definition: String(row['definition']),
    roleArn: String(row['role_arn']),
    logging: String(row['logging']),
    tracing: String(row['tracing']),
    createdAtMs: Number(row['created_at_ms']),
  };
}

/** A version by its number. */
export function findVersion(store: Store, machineArn: string, number: number): Version | undefined {
  const sql = 'SELECT * FROM states_versions WHERE machine_arn = ? AND number = ?';
  const row = store.statement(sql).get(machineArn, number);
  return row && toVersion(row);
}

/** Versions of a machine, the newest first. */
export function listVersions(store: Store, machineArn: string, page: { offset: number; count: number }): Version[] {
  const sql = 'SELECT * FROM states_versions WHERE machine_arn = ? ORDER BY number DESC LIMIT ? OFFSET ?';
  return store.statement(sql).all(machineArn, page.count, page.offset).map(toVersion);
}

/** Publishes a machine's newest revision under the next number. */
export function insertVersion(store: Store, machine: Machine, description: string | undefined, nowMs: number): Version {
  const version: Version = {
    machineArn: machine.arn,
    number: machine.lastVersion + 1,
    revision: machine.revision.id,
    ...(description !== undefined && { description }),
    createdAtMs: nowMs,
  };
  store
    .statement(
      'INSERT INTO states_versions (machine_arn, number, revision, description, created_at_ms) VALUES (?, ?, ?, ?, ?)',
    )
    .run(version.machineArn, version.number, version.revision, version.description ?? null, nowMs);
  store.statement('UPDATE states_machines SET last_version = ? WHERE arn = ?').run(version.number, machine.arn);
  return version;
}

/** Removes a version; its number stays used. */
export function deleteVersion(store: Store, machineArn: string, number: number): void {
  store.statement('DELETE FROM states_versions WHERE machine_arn = ? AND number = ?').run(machineArn, number);
}

function toMachine(store: Store, row: Record<string, unknown>): Machine {
  return {
    arn: String(row['arn']),
    name: String(row['name']),
    // Only written by this file, with these values.
    status: row['status'] as StateMachineStatus,
    type: row['type'] as StateMachineType,
    lastVersion: Number(row['last_version']),
    createdAtMs: Number(row['created_at_ms']),
    revision: readRevision(store, Number(row['revision'])),
  };
}

function toVersion(row: Record<string, unknown>): Version {
  return {
    machineArn: String(row['machine_arn']),
    number: Number(row['number']),
    revision: Number(row['revision']),
    ...(row['description'] !== null && { description: String(row['description']) }),
    createdAtMs: Number(row['created_at_ms']),
  };
}
