import { fetchCommit, withoutFolder } from './git-source.ts';
import type { ActionProvider } from './provider.ts';

/** Source, CodeStarSourceConnection: a commit of the local folder that stands for the repository of a connection. */
export const connectionSource: ActionProvider = {
  type: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' },
  inputs: { min: 0, max: 0 },
  outputs: { min: 1, max: 1 },
  configuration: {
    ConnectionArn: 'required',
    FullRepositoryId: 'required',
    BranchName: 'required',
    OutputArtifactFormat: 'optional',
    DetectChanges: 'optional',
  },
  revisionTypes: ['COMMIT_ID'],
  check({ configuration: { ConnectionArn: arn = '', DetectChanges: detect = 'true' } }) {
    if (!/^arn:aws[\w-]*:(codestar-connections|codeconnections):[^:]+:\d{12}:connection\/.+$/.test(arn)) {
      return `must set ConnectionArn to the ARN of a connection, not '${arn}'`;
    }
    return /^(true|false)$/i.test(detect) ? undefined : `must set DetectChanges to 'true' or 'false', not '${detect}'`;
  },
  unavailable({ configuration: { FullRepositoryId: repository, OutputArtifactFormat: format = 'CODE_ZIP' } }, known) {
    if (format !== 'CODE_ZIP') return `the OutputArtifactFormat ${format}`;
    return withoutFolder(repository, known);
  },
  start: (run) => {
    const { FullRepositoryId: repository = '', ConnectionArn: connection = '' } = run.configuration;
    return fetchCommit(run, repository, ({ authorDate, branch, id, message }) => ({
      AuthorDate: authorDate,
      BranchName: branch,
      CommitId: id,
      CommitMessage: message,
      ConnectionArn: connection,
      FullRepositoryName: repository,
    }));
  },
};
