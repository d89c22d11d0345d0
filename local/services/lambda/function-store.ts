import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../service-module.ts';
import type { StoredCode } from './code.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { openFunctionAliases, pickVersion, type FunctionAlias, type FunctionAliases } from './function-aliases.ts';
import { invalidParameter, resourceNotFound, type FunctionReference } from './function-reference.ts';

/** One version of a function, `$LATEST` included: all that is needed to run it. */
export interface FunctionVersion {
  readonly name: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** Without a qualifier. */
  readonly functionArn: string;
  readonly definition: FunctionDefinition;
  readonly code: StoredCode;
  /** A new one for each change: threads of another revision are stale. */
  readonly revisionId: string;
  readonly lastModifiedAt: string;
}

/** A version, and the ARN by which the caller named it. */
export interface InvokedFunction extends FunctionVersion {
  readonly invokedArn: string;
}

/** Functions, their published versions and aliases. */
export interface FunctionStore {
  readonly aliases: FunctionAliases;
  /** Makes or changes `$LATEST`; the same definition and code keep the revision. */
  put(name: string, definition: FunctionDefinition, code: StoredCode): FunctionVersion;
  delete(name: string): void;
  /** Freezes `$LATEST` under the next number. Asked again with the same `madeBy` it gives the same version. */
  publish(name: string, madeBy: string): FunctionVersion;
  /** The last published version if nothing has changed since, else a new one. */
  publishChange(name: string, description: string | undefined): FunctionVersion;
  deleteVersion(name: string, version: string): void;
  /** Keeps an alias that has been checked, under a new revision. */
  putAlias(alias: Omit<FunctionAlias, 'revisionId'>): FunctionAlias;
  /** How many invocations of all versions may run at once; undefined if the function shares what is not reserved. */
  reservedOf(name: string): number | undefined;
  /** @throws AwsError `InvalidParameterValueException` if too little would be left for other functions */
  setReserved(name: string, reserved: number | undefined): void;
  /**
   * The version that a reference means.
   * @throws AwsError `ResourceNotFoundException`
   */
  resolve(reference: FunctionReference): InvokedFunction;
  /** As `resolve`, for one invocation: an alias with weights means now one version, now the other. */
  choose(reference: FunctionReference): InvokedFunction;
  /** `$LATEST` of every function, by name. */
  list(): FunctionVersion[];
  /** `$LATEST`, then the published ones by number. */
  versionsOf(name: string): FunctionVersion[];
  /** Every stored version of every function. */
  listVersions(): FunctionVersion[];
}

const migrations = [
  'CREATE TABLE lambda_functions (name TEXT PRIMARY KEY, last_version INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  `CREATE TABLE lambda_versions (name TEXT NOT NULL, version TEXT NOT NULL, made_by TEXT, body TEXT NOT NULL,
     PRIMARY KEY (name, version)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE lambda_aliases (name TEXT NOT NULL, alias TEXT NOT NULL, version TEXT NOT NULL,
     PRIMARY KEY (name, alias)) STRICT, WITHOUT ROWID`,
  "ALTER TABLE lambda_aliases ADD COLUMN description TEXT NOT NULL DEFAULT ''",
  "ALTER TABLE lambda_aliases ADD COLUMN weights TEXT NOT NULL DEFAULT '{}'",
  "ALTER TABLE lambda_aliases ADD COLUMN revision_id TEXT NOT NULL DEFAULT ''",
  'ALTER TABLE lambda_functions ADD COLUMN reserved INTEGER',
  `UPDATE lambda_functions SET reserved = (SELECT json_extract(body, '$.definition.ReservedConcurrentExecutions')
     FROM lambda_versions WHERE lambda_versions.name = lambda_functions.name AND version = '$LATEST')`,
];

/** Of the 1,000 concurrent executions of an account at least 100 stay unreserved (Lambda quotas). */
const maxReserved = 900;

/** Opens the functions of a cloud. */
export function openFunctionStore(context: CloudContext): FunctionStore {
  context.store.migrate('lambda', migrations);
  return new SqliteFunctionStore(context);
}

class SqliteFunctionStore implements FunctionStore {
  readonly #context: CloudContext;
  readonly aliases: FunctionAliases;

  constructor(context: CloudContext) {
    this.#context = context;
    this.aliases = openFunctionAliases(context.store);
  }

  put(name: string, definition: FunctionDefinition, code: StoredCode): FunctionVersion {
    return this.#context.store.transaction(() => {
      const known = this.#find(name, '$LATEST');
      const isSame =
        known &&
        JSON.stringify(known.definition) === JSON.stringify(definition) &&
        known.code.sha256 === code.sha256 &&
        known.code.folder === code.folder;
      if (isSame) return known;
      this.#run('INSERT OR IGNORE INTO lambda_functions (name, last_version) VALUES (?, 0)', name);
      const reserved = definition.ReservedConcurrentExecutions;
      // What was set by the API stays until the template's own value changes.
      if (!known || known.definition.ReservedConcurrentExecutions !== reserved) this.setReserved(name, reserved);
      return this.#write({ ...this.#stamp(name), version: '$LATEST', definition, code });
    });
  }

  delete(name: string): void {
    this.#context.store.transaction(() => {
      this.#run('DELETE FROM lambda_functions WHERE name = ?', name);
      this.#run('DELETE FROM lambda_versions WHERE name = ?', name);
      this.aliases.deleteAll(name);
    });
  }

  publish(name: string, madeBy: string): FunctionVersion {
    return this.#context.store.transaction(() => {
      const made = this.#rows('SELECT body FROM lambda_versions WHERE name = ? AND made_by = ?', name, madeBy)[0];
      if (made) return made;
      return this.#publishLatest(name, {}, madeBy);
    });
  }

  publishChange(name: string, description: string | undefined): FunctionVersion {
    return this.#context.store.transaction(() => {
      const [latest, ...published] = this.versionsOf(name);
      const last = published.at(-1);
      if (latest && last && contentOf(last) === contentOf(latest)) return last;
      return this.#publishLatest(name, description === undefined ? {} : { Description: description });
    });
  }

  deleteVersion(name: string, version: string): void {
    this.#run('DELETE FROM lambda_versions WHERE name = ? AND version = ?', name, version);
  }

  putAlias(made: Omit<FunctionAlias, 'revisionId'>): FunctionAlias {
    const alias = { ...made, revisionId: randomUUID() };
    this.aliases.put(alias);
    return alias;
  }

  reservedOf(name: string): number | undefined {
    const row = this.#context.store.statement('SELECT reserved FROM lambda_functions WHERE name = ?').get(name);
    const reserved = row?.['reserved'];
    return typeof reserved === 'number' ? reserved : undefined;
  }

  setReserved(name: string, reserved: number | undefined): void {
    const { store } = this.#context;
    const row = store.statement('SELECT sum(reserved) AS others FROM lambda_functions WHERE name <> ?').get(name);
    if (Number(row?.['others'] ?? 0) + (reserved ?? 0) > maxReserved) {
      throw invalidParameter(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
      );
    }
    store.statement('UPDATE lambda_functions SET reserved = ? WHERE name = ?').run(reserved ?? null, name);
  }

  resolve(reference: FunctionReference): InvokedFunction {
    return this.#resolve(reference, ({ version }) => version);
  }

  choose(reference: FunctionReference): InvokedFunction {
    return this.#resolve(reference, (alias) => pickVersion(alias, Math.random()));
  }

  #resolve({ name, qualifier }: FunctionReference, versionOf: (alias: FunctionAlias) => string): InvokedFunction {
    const arn = this.#arn(name);
    const invokedArn = qualifier === undefined ? arn : `${arn}:${qualifier}`;
    const alias = qualifier === undefined ? undefined : this.aliases.find(name, qualifier);
    const found = this.#find(name, alias ? versionOf(alias) : (qualifier ?? '$LATEST'));
    if (!found) throw resourceNotFound(`Function not found: ${invokedArn}`);
    return { ...found, invokedArn };
  }

  list(): FunctionVersion[] {
    return this.#rows("SELECT body FROM lambda_versions WHERE version = '$LATEST' ORDER BY name");
  }

  versionsOf(name: string): FunctionVersion[] {
    const rows = this.#rows('SELECT body FROM lambda_versions WHERE name = ?', name);
    const numberOf = ({ version }: FunctionVersion): number => (version === '$LATEST' ? 0 : Number(version));
    return rows.toSorted((one, other) => numberOf(one) - numberOf(other));
  }

  listVersions(): FunctionVersion[] {
    return this.#rows('SELECT body FROM lambda_versions');
  }

  #arn(name: string): string {
    return `arn:aws:lambda:${this.#context.region}:${this.#context.account}:function:${name}`;
  }

  #stamp(name: string): Pick<FunctionVersion, 'name' | 'functionArn' | 'revisionId' | 'lastModifiedAt'> {
    const lastModifiedAt = new Date(this.#context.clock.nowMs()).toISOString();
    return { name, functionArn: this.#arn(name), revisionId: randomUUID(), lastModifiedAt };
  }

  #publishLatest(name: string, changed: { Description?: string }, madeBy?: string): FunctionVersion {
    const { definition, code } = this.resolve({ name });
    this.#run('UPDATE lambda_functions SET last_version = last_version + 1 WHERE name = ?', name);
    const row = this.#context.store.statement('SELECT last_version FROM lambda_functions WHERE name = ?').get(name);
    const version = String(row?.['last_version']);
    return this.#write({ ...this.#stamp(name), version, definition: { ...definition, ...changed }, code }, madeBy);
  }

  #find(name: string, version: string): FunctionVersion | undefined {
    return this.#rows('SELECT body FROM lambda_versions WHERE name = ? AND version = ?', name, version)[0];
  }

  #write(version: FunctionVersion, madeBy?: string): FunctionVersion {
    this.#run(
      'INSERT OR REPLACE INTO lambda_versions (name, version, made_by, body) VALUES (?, ?, ?, ?)',
      version.name,
      version.version,
      madeBy ?? null,
      JSON.stringify(version),
    );
    return version;
  }

  #run(sql: string, ...values: (string | null)[]): void {
    this.#context.store.statement(sql).run(...values);
  }

  #rows(sql: string, ...values: string[]): FunctionVersion[] {
    const rows = this.#context.store.statement(sql).all(...values);
    // Bodies are written by #write only.
    return rows.map((row) => JSON.parse(String(row['body'])) as FunctionVersion);
  }
}

const notContent = new Set(['Description', 'ReservedConcurrentExecutions']);

/** What a published version freezes; its description is its own, and reserved concurrency belongs to the function. */
function contentOf({ definition, code }: FunctionVersion): string {
  const ofVersion = Object.entries(definition).filter(([name]) => !notContent.has(name));
  return JSON.stringify([ofVersion, code.sha256]);
}
