import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { actions } from '../../shared/actions/registry.ts';
import { root } from './repository.ts';

/** Code of a page that begins with the path where it would stand. */
function examplesOf(page: string): Map<string, string> {
  const blocks = readFileSync(join(root, page), 'utf8').matchAll(/```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)```/g);
  return new Map([...blocks].map(([, path = '', code = '']) => [join(root, path), code]));
}

/** What a README's example takes for granted: a stack with an installation, artifacts, alarms and a state machine. */
const around = `import { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import * as cdk from 'slipway/cdk';

declare const slipway: cdk.Slipway;
declare const source: Artifact, built: Artifact, pinned: Artifact, report: Artifact;
declare const errors: Alarm, latency: Alarm;
declare const machine: StateMachine;
`;

/** The examples of an action's README, each as a method of a stack that imports what it uses of Slipway. */
function examplesOfAction(id: string): string[] {
  const readme = readFileSync(join(root, 'shared/actions', id, 'README.md'), 'utf8');
  return [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => {
    const used = [...code.matchAll(/\bnew (\w+Action)\(|\bslipway\.action\((\w+),/g)].map(
      ([, made, named]) => made ?? named,
    );
    const imported = [...new Set(used)].map((name) => `const ${name} = cdk.${name};\n`).join('');
    return `${around}${imported}\nexport class Example extends Stack {\n  add(): void {\n${code}\n  }\n}\n`;
  });
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path));
  return { ...ts.parseJsonConfigFileContent(config, ts.sys, root).options, incremental: false };
}

/** What the compiler says of files that are laid over the tree. */
function problemsOf(files: ReadonlyMap<string, string>, more: ts.CompilerOptions = {}): string[] {
  const options = { ...compilerOptions(), ...more };
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

const actionIds = actions.map(({ id }) => id);

it("has an example of a pipeline in each action's README that fits the code", () => {
  const examples = actionIds.map((id) => [id, examplesOfAction(id)] as const);
  expect(examples.filter(([, codes]) => codes.length === 0)).toEqual([]);
  const wrong = examplesOfAction('git-tag').map((code) => code.replace('project:', 'projekt:'));
  const files = [...examples, ['wrong', wrong] as const].flatMap(([id, codes]) =>
    codes.map((code, index) => [join(root, 'shared/actions', id, `example-${index}.ts`), code] as const),
  );
  // An example need not use all that is around it, nor what it makes.
  const problems = problemsOf(new Map(files), { noUnusedLocals: false });
  expect(problems).toEqual([expect.stringMatching(/wrong\/example-0\.ts: .*projekt/)]);
});

it('shows files that exist as they are', () => {
  const shown = [...examplesOf('docs/adding.md')].filter(([path]) => existsSync(path));
  expect(shown.length).toBeGreaterThan(0);
  for (const [path, code] of shown) expect(code).toBe(readFileSync(path, 'utf8'));
});
