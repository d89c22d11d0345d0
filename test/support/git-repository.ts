import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A repository of git in a folder of its own. */
export interface GitRepository {
  readonly folder: string;
  /** Writes files and commits them on the branch that is checked out; the commit's id. */
  commit(files: Record<string, string>, message?: string): string;
  git(...words: string[]): string;
  remove(): void;
}

/** Makes a repository whose branch is `main`. Its commits are of 2026-01-05, 10:00 in Berlin. */
export function gitRepository(): GitRepository {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-git-'));
  const date = '2026-01-05T10:00:00+01:00';
  const person = { NAME: 'Ada', EMAIL: 'ada@example.test', DATE: date };
  const variables = ['AUTHOR', 'COMMITTER'].flatMap((who) =>
    Object.entries(person).map(([what, value]) => [`GIT_${who}_${what}`, value]),
  );
  const env = { ...process.env, ...Object.fromEntries(variables), GIT_CONFIG_GLOBAL: '/dev/null' };
  const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words], { env, encoding: 'utf8' }).trim();
  git('init', '-q', '-b', 'main');
  return {
    folder,
    git,
    commit(files, message = 'change') {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      git('add', '-A');
      git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
