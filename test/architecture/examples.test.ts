import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { root } from './repository.ts';

/** Code of a page that begins with the path where it would stand. */
function examplesOf(page: string): Map<string, string> {
  const blocks = readFileSync(join(root, page), 'utf8').matchAll(/```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)```/g);
  return new Map([...blocks].map(([, path = '', code = '']) => [join(root, path), code]));
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path));
  return { ...ts.parseJsonConfigFileContent(config, ts.sys, root).options, incremental: false };
}

/** What the compiler says of files that are laid over the tree. */
function problemsOf(files: ReadonlyMap<string, string>): string[] {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  const folders = new Set([...files.keys()].map(dirname));
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.directoryExists = (path) => folders.has(path) || ts.sys.directoryExists(path);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

it('finds what does not fit', () => {
  const wrong = new Map([[join(root, 'shared/wrong.ts'), "import { nowAt } from './clock.ts';\nnowAt('now');\n"]]);
  expect(problemsOf(wrong)).toEqual([expect.stringMatching(/not assignable to parameter of type 'Clock'/)]);
});

it('has examples in the pages that fit the code', () => {
  const examples = examplesOf('docs/adding.md');
  expect(examples.size).toBeGreaterThan(8);
  expect(problemsOf(examples)).toEqual([]);
});

it('shows files that exist as they are', () => {
  const shown = [...examplesOf('docs/adding.md')].filter(([path]) => existsSync(path));
  expect(shown.length).toBeGreaterThan(0);
  for (const [path, code] of shown) expect(code).toBe(readFileSync(path, 'utf8'));
});
