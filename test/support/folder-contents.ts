import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Where, in a stopped cloud's folder, a text stands: `table.column` of the store, or a file's path. Uploads are left out. */
export function whereIs(folder: string, text: string): string[] {
  return [...tablesWith(join(folder, 'cloud.sqlite'), text), ...filesWith(folder, text)];
}

function tablesWith(file: string, text: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return names(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()).flatMap((table) =>
      names(database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all())
        .filter((column) => {
          const holds = database.prepare(
            `SELECT 1 FROM "${table}" WHERE instr(CAST("${column}" AS BLOB), ?) > 0 LIMIT 1`,
          );
          return holds.get(Buffer.from(text)) !== undefined;
        })
        .map((column) => `${table}.${column}`),
    );
  } finally {
    database.close();
  }
}

function names(rows: readonly Record<string, unknown>[]): string[] {
  return rows.map(({ name }) => String(name));
}

/** S3's bodies are what users uploaded, and the store has been read table by table. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/^(s3|cloud\.sqlite)/.test(relative(folder, path)) && readFileSync(path).includes(text))
    .map((path) => relative(folder, path));
}
