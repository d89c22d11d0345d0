import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../service-module.ts';
import type { StoredCode } from './code.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { resourceNotFound, type FunctionReference } from './function-reference.ts';

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
  /** Makes or changes `$LATEST`; the same definition and code keep the revision. */
  put(name: string, definition: FunctionDefinition, code: StoredCode): FunctionVersion;
  delete(name: string): void;
  /** Freezes `$LATEST` under the next number. Asked again with the same `madeBy` it gives the same version. */
  publish(name: string, madeBy: string): FunctionVersion;
  deleteVersion(name: string, version: string): void;
  putAlias(name: string, alias: string, version: string): void;
  deleteAlias(name: string, alias: string): void;
  /**
   * The version that a reference means.
   * @throws AwsError `ResourceNotFoundException`
   */
  resolve(reference: FunctionReference): InvokedFunction;
  /** `$LATEST` of every function, by name. */
  list(): FunctionVersion[];
  /** Every stored version of every function. */
  listVersions(): FunctionVersion[];
}

const migrations = [
  'CREATE TABLE lambda_functions (name TEXT PRIMARY KEY, last_version INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  `CREATE TABLE lambda_versions (name TEXT NOT NULL, version TEXT NOT NULL, made_by TEXT, body TEXT NOT NULL,
     PRIMARY KEY (name, version)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE lambda_aliases (name TEXT NOT NULL, alias TEXT NOT NULL, version TEXT NOT NULL,
     PRIMARY KEY (name, alias)) STRICT, WITHOUT ROWID`,
];

/** Opens the functions of a cloud. */
export function openFunctionStore(context: CloudContext): FunctionStore {
  context.store.migrate('lambda', migrations);
  return new SqliteFunctionStore(context);
}

class SqliteFunctionStore implements FunctionStore {
  readonly #context: CloudContext;

  constructor(context: CloudContext) {
    this.#context = context;
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
      return this.#write({ ...this.#stamp(name), version: '$LATEST', definition, code });
    });
  }

  delete(name: string): void {
    this.#context.store.transaction(() => {
      this.#run('DELETE FROM lambda_functions WHERE name = ?', name);
      this.#run('DELETE FROM lambda_versions WHERE name = ?', name);
      this.#run('DELETE FROM lambda_aliases WHERE name = ?', name);
    });
  }

  publish(name: string, madeBy: string): FunctionVersion {
    return this.#context.store.transaction(() => {
      const made = this.#rows('SELECT body FROM lambda_versions WHERE name = ? AND made_by = ?', name, madeBy)[0];
      if (made) return made;
      const { definition, code } = this.resolve({ name });
      this.#run('UPDATE lambda_functions SET last_version = last_version + 1 WHERE name = ?', name);
      const row = this.#context.store.statement('SELECT last_version FROM lambda_functions WHERE name = ?').get(name);
      return this.#write({ ...this.#stamp(name), version: String(row?.['last_version']), definition, code }, madeBy);
    });
  }

  deleteVersion(name: string, version: string): void {
    this.#run('DELETE FROM lambda_versions WHERE name = ? AND version = ?', name, version);
  }

  putAlias(name: string, alias: string, version: string): void {
    this.resolve({ name, qualifier: version });
    this.#run('INSERT OR REPLACE INTO lambda_aliases (name, alias, version) VALUES (?, ?, ?)', name, alias, version);
  }

  deleteAlias(name: string, alias: string): void {
    this.#run('DELETE FROM lambda_aliases WHERE name = ? AND alias = ?', name, alias);
  }

  resolve({ name, qualifier }: FunctionReference): InvokedFunction {
    const arn = this.#arn(name);
    const invokedArn = qualifier === undefined ? arn : `${arn}:${qualifier}`;
    const alias = this.#context.store
      .statement('SELECT version FROM lambda_aliases WHERE name = ? AND alias = ?')
      .get(name, qualifier ?? '');
    const found = this.#find(name, String(alias?.['version'] ?? qualifier ?? '$LATEST'));
    if (!found) throw resourceNotFound(`Function not found: ${invokedArn}`);
    return { ...found, invokedArn };
  }

  list(): FunctionVersion[] {
    return this.#rows("SELECT body FROM lambda_versions WHERE version = '$LATEST' ORDER BY name");
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
