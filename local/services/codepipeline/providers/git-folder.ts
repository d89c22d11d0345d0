import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A commit of a folder's repository. */
export interface Commit {
  readonly id: string;
  /** ISO 8601 in UTC, whole seconds. */
  readonly authorDate: string;
  readonly committerDate: string;
  readonly message: string;
}

/** A repository that cannot be read, or has no such revision, in words for a person. */
export class GitError extends Error {
  override readonly name = 'GitError';
}

/**
 * The commit that a branch or a commit id stands for.
 * @throws GitError
 */
export async function findCommit(folder: string, wanted: { branch: string } | { id: string }): Promise<Commit> {
  const name = 'branch' in wanted ? `refs/heads/${wanted.branch}` : wanted.id;
  const format = '--format=%H%x00%aI%x00%cI%x00%B';
  const text = await git(folder, ['show', '-s', format, '--end-of-options', `${name}^{commit}`]);
  const [id = '', authored = '', committed = '', message = ''] = text.toString().split('\0');
  return { id, authorDate: inUtc(authored), committerDate: inUtc(committed), message: message.trim() };
}

/** A zip of the files of a commit. @throws GitError */
export function archiveCommit(folder: string, id: string): Promise<Uint8Array> {
  return git(folder, ['archive', '--format=zip', id]);
}

/**
 * The branches, tags and pull requests (`refs/pull/…`) of a repository with the commits they stand for, by full name; a ref
 * that points to another one by its name stands for that name. @throws GitError
 */
export async function readRefs(folder: string): Promise<ReadonlyMap<string, string>> {
  // A tag with a message is an object of its own; its commit is behind the asterisk.
  const format = '--format=%(refname)%00%(symref)%00%(*objectname)%00%(objectname)';
  const text = await git(folder, ['for-each-ref', format, 'refs/heads', 'refs/tags', 'refs/pull']);
  const lines = text.toString().split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [name = '', pointsTo = '', commit = '', object = ''] = line.split('\0');
      return [name, pointsTo || commit || object];
    }),
  );
}

/**
 * The files that a push changed: those that differ between two commits; without `before`, or if it is not there any more,
 * those that the commit itself changed. @throws GitError
 */
export async function changedFiles(folder: string, after: string, before?: string): Promise<string[]> {
  const isKnown = before !== undefined && (await hasCommit(folder, before));
  return diffTree(folder, isKnown ? [before, after] : ['--root', '-m', after]);
}

/** The files that a pull request changes: those that differ from where it left the branch it goes into. @throws GitError */
export async function pulledFiles(folder: string, head: string, into: string): Promise<string[]> {
  const target = `refs/heads/${into}`;
  if (!(await hasCommit(folder, target))) return changedFiles(folder, head);
  const base = await git(folder, ['merge-base', target, head]).catch(() => undefined);
  return base ? diffTree(folder, [base.toString().trim(), head]) : changedFiles(folder, head);
}

async function diffTree(folder: string, commits: readonly string[]): Promise<string[]> {
  const flags = ['--name-only', '-r', '-z', '--no-commit-id', '--no-renames'];
  const text = await git(folder, ['diff-tree', ...flags, ...commits]);
  return [...new Set(text.toString().split('\0').filter(Boolean))];
}

async function hasCommit(folder: string, name: string): Promise<boolean> {
  try {
    await git(folder, ['cat-file', '-e', `${name}^{commit}`]);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}

async function git(folder: string, words: readonly string[]): Promise<Buffer> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...words], {
      encoding: 'buffer',
      maxBuffer: 1024 * 1024 * 1024,
      env: withoutGit(),
    });
    return stdout;
  } catch (error) {
    // What execFile rejects with carries what was written to standard error.
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    throw new GitError(stderr?.toString().trim() || message, { cause: error });
  }
}

/** Inside a hook of git these variables name another repository. */
function withoutGit(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
}

function inUtc(date: string): string {
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}
