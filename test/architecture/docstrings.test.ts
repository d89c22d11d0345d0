import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { repositoryFiles, root } from './repository.ts';

const folders = /^(cli|functions|infra|local|shared)\/.*(?<!\.d)\.ts$/;

const isDocumented = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** `export type Revision = z.infer<typeof revisionSchema>` says again what its schema is. */
function isSchemasOwnType(node: ts.Statement): boolean {
  return ts.isTypeAliasDeclaration(node) && /^(z\.(infer|output)<typeof|\(typeof) \w+/.test(node.type.getText());
}

function namesOf(node: ts.Statement): string {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => name.getText()).join(', ');
  const { name } = node as ts.DeclarationStatement; // what is exported and is no variable is a declaration
  return name?.getText() ?? 'default';
}

/** Exports of a module without a docstring. */
function undocumented(fileName: string, text: string): string[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((node) => isExported(node) && !isDocumented(node) && !isSchemasOwnType(node))
    .map((node) => `${fileName}: ${namesOf(node)}`);
}

it('finds an export without a docstring', () => {
  const text = '/** Told. */\nexport const a = 1;\nexport function b() {}\nexport type C = string;\nconst d = 1;';
  expect(undocumented('x.ts', text)).toEqual(['x.ts: b', 'x.ts: C']);
});

it('has a docstring on every export', () => {
  const files = repositoryFiles().filter((file) => folders.test(file));
  expect(files.length).toBeGreaterThan(300);
  expect(files.flatMap((file) => undocumented(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});
