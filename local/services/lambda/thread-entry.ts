import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The file that a function's thread runs. Built code has it as JavaScript. In a checkout the sources are stripped once
 * into `folder`: a thread that strips types for itself starts 20 ms later and takes 10 MB more.
 */
export function prepareThreadEntry(folder: string): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./worker/main.js', import.meta.url);
  const sources = fileURLToPath(new URL('./worker/', import.meta.url));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const file of readdirSync(sources)) {
    const code = stripQuietly(readFileSync(join(sources, file), 'utf8'));
    writeFileSync(join(folder, file.replace(/\.ts$/, '.js')), code.replaceAll(/(from '\.\/[^']+)\.ts'/g, "$1.js'"));
  }
  return pathToFileURL(join(folder, 'main.js'));
}

/** Node warns that the function is experimental, although running .ts files rests on it: nothing a user could act on. */
function stripQuietly(source: string): string {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
