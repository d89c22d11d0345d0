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

/** The branches and tags of a repository with the commits they stand for, by full name. @throws GitError */
export async function readRefs(folder: string): Promise<ReadonlyMap<string, string>> {
  // A tag with a message is an object of its own; its commit is behind the asterisk.
  const format = '--format=%(refname)%00%(objectname)%00%(*objectname)';
  const text = await git(folder, ['for-each-ref', format, 'refs/heads', 'refs/tags']);
  const lines = text.toString().split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [name = '', object = '', commit = ''] = line.split('\0');
      return [name, commit || object];
    }),
  );
}

/** The files that differ between two commits; without `before`, those that the commit itself changed. @throws GitError */
export async function changedFiles(folder: string, after: string, before?: string): Promise<string[]> {
  const flags = ['--name-only', '-r', '-z', '--no-commit-id'];
  const commits = before === undefined ? ['--root', '-m', after] : [before, after];
  const text = await git(folder, ['diff-tree', ...flags, ...commits]);
  return [...new Set(text.toString().split('\0').filter(Boolean))];
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
