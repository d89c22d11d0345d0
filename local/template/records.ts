import type { Json, JsonObject } from '../json.ts';
import type { Store } from '../store/store.ts';
import type { Leftover, RecordedResource } from './recorded-resource.ts';

/** What is remembered of the templates applied in this folder. Every method is one write or read. */
export interface Records {
  stackNames(): string[];
  resources(stackName: string): RecordedResource[];
  /** Records a resource; `replaced` moves what it takes the place of to the leftovers in the same write. */
  save(resource: RecordedResource, position: number, replaced?: RecordedResource): void;
  /** Forgets a resource; with `asLeftover` it will still be deleted. */
  drop(resource: RecordedResource, asLeftover: boolean): void;
  /** Latest first: what was made last is deleted first. */
  leftovers(): Leftover[];
  dropLeftover(leftover: Leftover): void;
  saveOutputs(stackName: string, outputs: StackOutputs): void;
  outputs(stackName: string): StackOutputs | undefined;
  dropStack(stackName: string): void;
  /** Marks a stack as one that no app has: it was made through CloudFormation's API. */
  setApart(stackName: string): void;
  apartNames(): string[];
}

/** A stack's outputs, and which of them it exports under what name. */
export interface StackOutputs {
  readonly values: Readonly<Record<string, Json>>;
  readonly exports: Readonly<Record<string, Json>>;
}

const migrations = [
  `CREATE TABLE template_stacks (name TEXT PRIMARY KEY, outputs TEXT NOT NULL) STRICT`,
  `CREATE TABLE template_resources (stack TEXT NOT NULL, logical_id TEXT NOT NULL, type TEXT NOT NULL,
     position INTEGER NOT NULL, generation INTEGER NOT NULL, properties TEXT NOT NULL, physical_id TEXT NOT NULL,
     attributes TEXT NOT NULL, assets TEXT NOT NULL, deletion_policy TEXT NOT NULL, PRIMARY KEY (stack, logical_id)) STRICT`,
  `CREATE TABLE template_leftovers (sequence INTEGER PRIMARY KEY AUTOINCREMENT, stack TEXT NOT NULL,
     logical_id TEXT NOT NULL, type TEXT NOT NULL, generation INTEGER NOT NULL, properties TEXT NOT NULL,
     physical_id TEXT NOT NULL, attributes TEXT NOT NULL) STRICT`,
  'CREATE TABLE template_apart (name TEXT PRIMARY KEY) STRICT',
];

/** Opens the records in a store. */
export function openRecords(store: Store): Records {
  store.migrate('template', migrations);
  const addLeftover = (resource: RecordedResource): void => {
    store
      .statement(
        `INSERT INTO template_leftovers (stack, logical_id, type, generation, properties, physical_id, attributes)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        resource.stackName,
        resource.logicalId,
        resource.type,
        resource.generation,
        JSON.stringify(resource.properties),
        resource.physicalId,
        JSON.stringify(resource.attributes),
      );
  };
  return {
    ...stackRecords(store),
    resources: (stackName) =>
      store
        .statement('SELECT * FROM template_resources WHERE stack = ? ORDER BY position')
        .all(stackName)
        .map((row) => toResource(row)),
    save(resource, position, replaced) {
      store.transaction(() => {
        if (replaced) addLeftover(replaced);
        writeResource(store, resource, position);
      });
    },
    drop(resource, asLeftover) {
      store.transaction(() => {
        if (asLeftover) addLeftover(resource);
        store
          .statement('DELETE FROM template_resources WHERE stack = ? AND logical_id = ?')
          .run(resource.stackName, resource.logicalId);
      });
    },
    leftovers: () =>
      store
        .statement('SELECT * FROM template_leftovers ORDER BY sequence DESC')
        .all()
        .map((row) => toLeftover(row)),
    dropLeftover: ({ sequence }) =>
      void store.statement('DELETE FROM template_leftovers WHERE sequence = ?').run(sequence),
  };
}

type StackRecords = Pick<Records, 'stackNames' | 'saveOutputs' | 'outputs' | 'dropStack' | 'setApart' | 'apartNames'>;

function stackRecords(store: Store): StackRecords {
  return {
    stackNames: () =>
      store
        .statement('SELECT stack AS name FROM template_resources UNION SELECT name FROM template_stacks')
        .all()
        .map((row) => String(row['name'])),
    saveOutputs: (stackName, outputs) =>
      void store
        .statement('INSERT OR REPLACE INTO template_stacks (name, outputs) VALUES (?, ?)')
        .run(stackName, JSON.stringify(outputs)),
    outputs(stackName) {
      const row = store.statement('SELECT outputs FROM template_stacks WHERE name = ?').get(stackName);
      // Written only by saveOutputs.
      return row && (JSON.parse(String(row['outputs'])) as StackOutputs);
    },
    dropStack(stackName) {
      store.transaction(() => {
        store.statement('DELETE FROM template_stacks WHERE name = ?').run(stackName);
        store.statement('DELETE FROM template_apart WHERE name = ?').run(stackName);
      });
    },
    setApart: (name) => void store.statement('INSERT OR IGNORE INTO template_apart (name) VALUES (?)').run(name),
    apartNames: () =>
      store
        .statement('SELECT name FROM template_apart')
        .all()
        .map((row) => String(row['name'])),
  };
}

function writeResource(store: Store, resource: RecordedResource, position: number): void {
  store
    .statement(
      `INSERT OR REPLACE INTO template_resources (stack, logical_id, type, position, generation, properties,
         physical_id, attributes, assets, deletion_policy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      resource.stackName,
      resource.logicalId,
      resource.type,
      position,
      resource.generation,
      JSON.stringify(resource.properties),
      resource.physicalId,
      JSON.stringify(resource.attributes),
      JSON.stringify(resource.assets),
      resource.deletionPolicy,
    );
}

type Row = Record<string, unknown>;

function toResource(row: Row): RecordedResource {
  return {
    ...common(row),
    // A map of texts, written only by writeResource.
    assets: parseObject(row['assets']) as Record<string, string>,
    deletionPolicy: String(row['deletion_policy']),
  };
}

function toLeftover(row: Row): Leftover {
  return { ...common(row), sequence: Number(row['sequence']) };
}

function common(row: Row): Omit<Leftover, 'sequence'> {
  return {
    stackName: String(row['stack']),
    logicalId: String(row['logical_id']),
    type: String(row['type']),
    generation: Number(row['generation']),
    properties: parseObject(row['properties']),
    physicalId: String(row['physical_id']),
    attributes: parseObject(row['attributes']),
  };
}

function parseObject(text: unknown): JsonObject {
  // The columns hold objects that this file wrote.
  return JSON.parse(String(text)) as JsonObject;
}
