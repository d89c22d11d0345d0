import { fetchCommit, withoutFolder } from './git-source.ts';
import { pollingProblem } from './polling.ts';
import type { ActionProvider } from './provider.ts';

/** Source, CodeCommit: a commit of the local folder that stands for the repository. */
export const codeCommitSource: ActionProvider = {
  type: { category: 'Source', owner: 'AWS', provider: 'CodeCommit', version: '1' },
  inputs: { min: 0, max: 0 },
  outputs: { min: 1, max: 1 },
  configuration: {
    RepositoryName: 'required',
    BranchName: 'required',
    PollForSourceChanges: 'optional',
    OutputArtifactFormat: 'optional',
  },
  revisionTypes: ['COMMIT_ID'],
  check: ({ configuration }) => pollingProblem(configuration),
  unavailable({ configuration }, known) {
    const { RepositoryName: repository, OutputArtifactFormat: format = 'CODE_ZIP' } = configuration;
    if (format !== 'CODE_ZIP') return `the OutputArtifactFormat ${format}`;
    return withoutFolder(repository, known);
  },
  start: (run) => {
    const repository = run.configuration['RepositoryName'] ?? '';
    return fetchCommit(run, repository, ({ authorDate, branch, committerDate, id, message }) => ({
      AuthorDate: authorDate,
      BranchName: branch,
      CommitId: id,
      CommitMessage: message,
      CommitterDate: committerDate,
      RepositoryName: repository,
    }));
  },
};
