import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NamedRuntimeError } from './runtime-error.ts';

/** What a function exports. */
export type Handler = (
  event: unknown,
  context: object,
  callback?: (error: unknown, result?: unknown) => void,
) => unknown;

/**
 * Loads `folder/file.export` from the task root, as the Node.js runtime does: the name itself, then .js, .mjs, .cjs.
 * @throws NamedRuntimeError with the runtime's error types; whatever the module itself throws goes on as it is
 */
export async function loadHandler(taskRoot: string, name: string): Promise<Handler> {
  const { modulePath, exportPath } = parseHandlerName(name);
  const loaded = await loadModule(join(taskRoot, modulePath), modulePath);
  const handler =
    exportPath.split('.').reduce<unknown>(memberOf, loaded) ?? memberOf(memberOf(loaded, 'default'), exportPath);
  if (handler === undefined) {
    throw new NamedRuntimeError('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new NamedRuntimeError('Runtime.HandlerNotFound', `${name} is not a function`);
  }
  // A function is all that can be known of what somebody exports.
  return handler as Handler;
}

function parseHandlerName(name: string): { modulePath: string; exportPath: string } {
  if (name.includes('..')) {
    throw new NamedRuntimeError(
      'Runtime.MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const [, file, exportPath] = /^([^.]*)\.(.+)$/.exec(basename(name)) ?? [];
  if (!file || !exportPath) throw new NamedRuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  return { modulePath: join(dirname(name), file), exportPath };
}

async function loadModule(path: string, modulePath: string): Promise<unknown> {
  const file = ['', '.js', '.mjs', '.cjs'].map((ending) => path + ending).find(isFile);
  if (!file) {
    const missing = `Error: Cannot find module '${modulePath}'`;
    throw new NamedRuntimeError('Runtime.ImportModuleError', `${missing}\nRequire stack:\n- ${path}`);
  }
  try {
    return await requireOrImport(file);
  } catch (error) {
    throw toLoadError(error);
  }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** `require` gives a CommonJS bundle all its exports; a module that cannot be required is imported. */
async function requireOrImport(file: string): Promise<unknown> {
  if (file.endsWith('.mjs')) return import(pathToFileURL(file).href);
  try {
    return createRequire(file)(file) as unknown;
  } catch (error) {
    const code = memberOf(error, 'code');
    if (code !== 'ERR_REQUIRE_ESM' && code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return import(pathToFileURL(file).href);
  }
}

function toLoadError(error: unknown): unknown {
  if (error instanceof SyntaxError) {
    return new NamedRuntimeError('Runtime.UserCodeSyntaxError', String(error), error.stack);
  }
  const code = memberOf(error, 'code');
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    return new NamedRuntimeError('Runtime.ImportModuleError', String(error));
  }
  return error;
}

function memberOf(value: unknown, key: string): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
  // Anything that is not a primitive can be asked for a member.
  return (value as Record<string, unknown>)[key];
}
