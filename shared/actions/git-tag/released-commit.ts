import type { Release } from '../../state/release.ts';
import type { SourceRevision } from '../gateways/executions.ts';
import { ActionFailed } from '../result.ts';

const commitPattern = /^[0-9a-f]{40}$/;

/**
 * The commit that is released: the one asked for, the release's, or the only one that the pipeline's sources took.
 * @throws ActionFailed if there is none, or more than one
 */
export function releasedCommit(of: {
  readonly asked: string | undefined;
  readonly artifact: string | undefined;
  readonly release: Release | undefined;
  readonly revisions: readonly SourceRevision[];
}): string {
  const { asked, artifact, release, revisions } = of;
  if (asked !== undefined) return asked;
  if (artifact === undefined && release?.revision?.type === 'COMMIT_ID') return release.revision.value;
  const taken = revisions.filter((one) => artifact === undefined || one.artifact === artifact);
  const commits = [...new Set(taken.map(({ id }) => id).filter((id) => commitPattern.test(id)))];
  const [commit] = commits;
  if (commit !== undefined && commits.length === 1) return commit;
  const names = revisions.map((one) => one.artifact).join(', ') || 'none';
  throw new ActionFailed(
    'ConfigurationError',
    commits.length > 1
      ? `the sources took ${commits.length} commits; say with "artifact" which is tagged, of: ${names}`
      : `no commit is known to tag (artifacts: ${names}); pass it as "commit", e.g. #{SourceVariables.CommitId}`,
  );
}
