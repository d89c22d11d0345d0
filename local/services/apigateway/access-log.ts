import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeIfSpace } from '../../store/full-disk.ts';

/** Values of `$context` by name (`routeKey`, `identity.sourceIp`); what is not here is written as `-`. */
export type AccessLogValues = Readonly<Record<string, string | number | undefined>>;

/** Fills a stage's access log format. Values are escaped as in JSON strings, so that none can end its line or field. */
export function accessLogLine(format: string, values: AccessLogValues): string {
  return format.replace(/\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)/g, (_match, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined || value === '' ? '-' : JSON.stringify(String(value)).slice(1, -1);
  });
}

/** Appends a line to the access log of an API: `<folder>/logs/api-<id>.log`. */
export function appendAccessLog(folder: string, apiId: string, line: string): void {
  const file = join(folder, 'logs', `api-${apiId}.log`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeIfSpace(() => appendFileSync(file, `${line}\n`, { mode: 0o600 }));
}
