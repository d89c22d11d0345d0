import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as z from 'zod';
import { pack } from '../shared/actions/job-artifacts.ts';
import { ApiRefusal, type ApiClient } from './api-client.ts';
import { CliError } from './cli-error.ts';

/** A source as it will be uploaded. */
export interface PackedSource {
  readonly zip: Uint8Array;
  /** The commit it stands for: the Git revision, or for a plain folder the SHA-1 of the zip. */
  readonly commit: string;
}

/** Never part of a source. */
const leftOut = new Set(['.git', 'node_modules', '.DS_Store']);

/**
 * Packs a folder. With a revision it is what Git has of the folder at that revision, whatever lies in the work tree.
 * @throws CliError if the folder or the revision does not exist
 */
export function packSource(folder: string, revision?: string): PackedSource {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new CliError(`no folder ${folder}; name the folder that holds the source`);
  return revision === undefined ? packFolder(folder) : archive(folder, revision);
}

function packFolder(folder: string): PackedSource {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(folder, file)
          .split(sep)
          .some((part) => leftOut.has(part)),
    );
  if (files.length === 0) throw new CliError(`the folder ${folder} holds no files`);
  const zip = pack(new Map(files.map((file) => [relative(folder, file).split(sep).join('/'), readFileSync(file)])));
  return { zip, commit: createHash('sha1').update(zip).digest('hex') };
}

function archive(folder: string, revision: string): PackedSource {
  const commit = git(folder, ['rev-parse', '--verify', `${revision}^{commit}`])
    .toString()
    .trim();
  return { zip: git(folder, ['archive', '--format=zip', commit]), commit };
}

function git(folder: string, args: readonly string[]): Buffer {
  const done = spawnSync('git', ['-C', folder, ...args], { maxBuffer: 1 << 30 });
  if (done.error) throw new CliError(`git cannot be run (${done.error.message}); install it, or leave --revision out`);
  if (done.status !== 0) throw new CliError(`git ${args[0]} in ${folder}: ${done.stderr.toString().trim()}`);
  return done.stdout;
}

const openSchema = z.object({ url: z.url(), method: z.string(), headers: z.record(z.string(), z.string()) });

/**
 * Uploads a source and records which commit it is. A commit that is recorded already stays as it is.
 * @returns the stored version, and whether it is new
 */
export async function putSource(
  api: ApiClient,
  service: string,
  { zip, commit }: PackedSource,
): Promise<{ commit: string; isNew: boolean }> {
  const open = openSchema.parse(await api.command('source-open', { service }));
  const response = await fetch(open.url, { method: open.method, headers: open.headers, body: Buffer.from(zip) });
  if (!response.ok) throw new CliError(`the upload of ${zip.length} bytes was refused with status ${response.status}`);
  const versionId = response.headers.get('x-amz-version-id');
  if (!versionId)
    throw new CliError(
      'the source bucket keeps no versions; turn on versioning, every revision is a version of one key',
    );
  const recorded = await api.command('source-record', { service, commit, versionId }).catch((error: unknown) => {
    if (error instanceof ApiRefusal && error.errorName === 'Conflict') return undefined;
    throw error;
  });
  return { commit, isNew: recorded !== undefined };
}
