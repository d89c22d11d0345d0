import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryFiles, root } from './repository.ts';

const isSource = (file: string): boolean => /\.(ts|mjs|cjs|js)$/.test(file) && !file.endsWith('.d.ts');

/** A test file is a table of cases over one set-up, and may be longer. */
function longestOf(file: string): number {
  return file.startsWith('test/') ? 500 : 300;
}

function lineCount(file: string): number {
  return readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length;
}

it('names no file or folder after a drawer', () => {
  const drawer = /^(utils?|helpers?|common|misc|types?)(\.|$)/i;
  const drawers = repositoryFiles().filter((file) => file.split('/').some((part) => drawer.test(part)));
  expect(drawers).toEqual([]);
});

it('names files and folders in kebab-case', () => {
  const others = repositoryFiles()
    .filter(isSource)
    .filter((file) => !file.split('/').every((part) => /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(part)));
  expect(others).toEqual([]);
});

it('has no file past 300 lines, or 500 of tests', () => {
  const long = repositoryFiles().filter((file) => isSource(file) && lineCount(file) > longestOf(file));
  expect(long).toEqual([]);
});

it('leaves nothing to do in a comment', () => {
  const left = repositoryFiles()
    .filter((file) => isSource(file) && file !== 'test/architecture/files.test.ts')
    .filter((file) => /\b(TODO|FIXME|XXX)\b/.test(readFileSync(join(root, file), 'utf8')));
  expect(left).toEqual([]);
});
