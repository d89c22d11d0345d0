import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { bundleFunctions } from '../../infra/bundle.ts';
import { packageRoot } from '../../infra/package-root.ts';

/** The folders that tsconfig.build.json compiles. */
const compiled = ['cli', 'functions', 'infra', 'local', 'shared'];

/**
 * Puts the package as `npm pack` makes it into `<project>/node_modules/slipway`, and links beside it what is installed here.
 * Nothing is loaded from a registry. Not as in a release: there are no declarations of types, since compiling takes half a
 * minute; the sources of examples are checked against the sources of Slipway instead.
 */
export async function installPacked(project: string, workFolder: string): Promise<void> {
  const staged = join(workFolder, 'package');
  for (const folder of compiled) compileInto(join(staged, 'dist'), folder);
  await bundleFunctions(join(staged, 'build', 'functions'));
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly files: readonly string[];
  };
  for (const file of manifest.files.filter((name) => /^(state-machines|examples)[^*]*$/.test(name)))
    cpSync(join(packageRoot, file), join(staged, file), { recursive: true });
  // npm would build the package first, in this folder.
  writeFileSync(join(staged, 'package.json'), JSON.stringify({ ...manifest, scripts: {} }));
  const packing = ['pack', '--json', '--offline', '--pack-destination', workFolder];
  const answer = execFileSync('npm', packing, { cwd: staged, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [tarball = ''] = /slipway-[\w.-]+\.tgz/.exec(answer) ?? [];
  const modules = join(project, 'node_modules');
  linkModules(modules);
  mkdirSync(join(modules, 'slipway'));
  execFileSync('tar', [
    'xzf',
    join(workFolder, basename(tarball)),
    '--strip-components=1',
    '-C',
    join(modules, 'slipway'),
  ]);
}

function compileInto(dist: string, folder: string): void {
  const files = readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))) {
    const target = join(dist, folder, file.replace(/\.ts$/, '.js'));
    const { outputText } = ts.transpileModule(readFileSync(join(packageRoot, folder, file), 'utf8'), {
      fileName: file,
      compilerOptions: {
        target: ts.ScriptTarget.ES2024,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
}

function linkModules(modules: string): void {
  mkdirSync(modules, { recursive: true });
  const installed = join(packageRoot, 'node_modules');
  for (const name of readdirSync(installed).filter((entry) => !entry.startsWith('.')))
    symlinkSync(join(installed, name), join(modules, name), 'junction');
}
