import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { refsStamp } from '../../../local/services/codepipeline/providers/git-stamp.ts';
import { gitRepository, type GitRepository } from '../../support/git-repository.ts';

let repository: GitRepository;
beforeEach(() => {
  repository = gitRepository();
  repository.commit({ a: '1' });
});
afterEach(() => repository.remove());

const changes: [string, () => unknown][] = [
  ['a commit', () => repository.commit({ a: '2' })],
  ['a commit that replaces the last', () => repository.git('commit', '-q', '--amend', '-m', 'other')],
  ['a branch in a folder', () => repository.git('branch', 'feature/x/y')],
  ['a tag', () => repository.git('tag', 'v1')],
  ['a tag with a message', () => repository.git('tag', '-m', 'first', 'v1')],
  ['a pull request', () => repository.git('update-ref', 'refs/pull/1/head', 'HEAD')],
  ['its base', () => repository.git('symbolic-ref', 'refs/pull/1/base', 'refs/heads/main')],
  [
    'a deleted branch that was packed',
    () => {
      repository.git('branch', 'gone');
      repository.git('pack-refs', '--all');
      const packed = refsStamp(repository.folder);
      repository.git('branch', '-q', '-D', 'gone');
      return packed;
    },
  ],
];
it.each(changes)('changes with %s, and stays while nothing does', (_what, change) => {
  const before = refsStamp(repository.folder);
  expect(refsStamp(repository.folder)).toBe(before);
  const between = change();
  expect([before, between]).not.toContain(refsStamp(repository.folder));
});

it('is that of the repository in a work tree and in a bare copy', () => {
  const tree = join(repository.folder, 'tree');
  const bare = join(repository.folder, 'bare');
  repository.git('worktree', 'add', '-q', tree, '-b', 'there');
  expect(refsStamp(tree)).toBe(refsStamp(repository.folder));
  repository.git('clone', '-q', '--bare', '.', bare);
  const before = refsStamp(bare);
  repository.git('push', '-q', bare, 'HEAD:refs/heads/pushed');
  expect(before).toBeTypeOf('string');
  expect(refsStamp(bare)).not.toBe(before);
});

it('is nothing where there is no repository', () => {
  rmSync(join(repository.folder, '.git'), { recursive: true });
  expect(refsStamp(repository.folder)).toBeUndefined();
  expect(refsStamp('/nowhere/at/all')).toBeUndefined();
});
