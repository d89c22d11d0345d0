import { writeArtifact } from './artifact-store.ts';
import { archiveCommit, findCommit, GitError, type Commit } from './git-folder.ts';
import { failed, type ActionOutcome, type ActionRun, type Surroundings } from './provider.ts';
import { serviceFailure } from './service-failure.ts';

/** The variables that a source action has of its commit. */
export interface FetchedCommit extends Commit {
  readonly branch: string;
}

/** The most that the variable CommitMessage carries, in bytes (User Guide, quotas). */
const maxMessageBytes = 100 * 1024;

/** Why a repository cannot be a source here: no folder stands for it. */
export function withoutFolder(repository: string | undefined, { sourceFolder }: Surroundings): string | undefined {
  if (repository === undefined || sourceFolder(repository) !== undefined) return undefined;
  return `the source repository ${repository} without a folder that stands for it (--source-repo ${repository}=DIR)`;
}

/**
 * Takes a commit of the folder that stands for a repository into the artifact store: the one that the start asked for, else
 * the tip of the branch.
 */
export async function fetchCommit(
  run: ActionRun,
  repository: string,
  variables: (commit: FetchedCommit) => Record<string, string>,
): Promise<ActionOutcome> {
  const folder = run.surroundings.sourceFolder(repository);
  const [artifact] = run.outputArtifacts;
  if (!artifact) throw new Error('a source action without its output artifact was not refused');
  if (folder === undefined) return failed('ConfigurationError', `No folder stands for the repository ${repository}`);
  const asked = run.sourceRevisions.find((revision) => revision.revisionType === 'COMMIT_ID');
  const branch = asked?.branch ?? run.configuration['BranchName'] ?? '';
  try {
    const commit = await findCommit(folder, asked ? { id: asked.revisionValue } : { branch });
    await writeArtifact(run, artifact, await archiveCommit(folder, commit.id));
    return succeeded(commit, variables({ ...commit, branch, message: cut(commit.message) }));
  } catch (error) {
    const what = `The source ${asked?.revisionValue ?? branch} of ${repository} cannot be fetched`;
    if (error instanceof GitError) return failed('RevisionUnavailable', `${what}: ${error.message}`);
    return serviceFailure(error, 'ConfigurationError', what);
  }
}

function succeeded(commit: Commit, outputVariables: Record<string, string>): ActionOutcome {
  const summary = commit.message.slice(0, 2048);
  return {
    kind: 'succeeded',
    output: { outputVariables, ...(summary && { summary }) },
    revision: {
      revisionId: commit.id,
      createdMs: Date.parse(commit.committerDate),
      ...(summary && { summary }),
    },
  };
}

function cut(message: string): string {
  const bytes = Buffer.from(message);
  return bytes.length <= maxMessageBytes ? message : new TextDecoder().decode(bytes.subarray(0, maxMessageBytes));
}
