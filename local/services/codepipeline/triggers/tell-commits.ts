import type { Engine } from '../engine/engine.ts';
import type { Refs } from '../records/refs.ts';

/**
 * Tells of what has changed in a repository of CodeCommit as it does, `CodeCommit Repository State Change` on the default
 * bus, in the open transaction: the rules that people and the CDK make for their sources start pipelines by it.
 */
export function tellCommits({ context }: Engine, repository: string, before: Refs, after: Refs): void {
  const { account, region } = context;
  for (const [name, commit] of new Map([...before, ...after])) {
    const [old, now] = [before.get(name), after.get(name)];
    const [, kind, short] = /^refs\/(heads|tags)\/(.+)$/.exec(name) ?? [];
    if (old === now || kind === undefined || short === undefined) continue;
    const event = old === undefined ? 'referenceCreated' : now === undefined ? 'referenceDeleted' : 'referenceUpdated';
    context.deliverEvent({
      source: 'aws.codecommit',
      'detail-type': 'CodeCommit Repository State Change',
      resources: [`arn:aws:codecommit:${region}:${account}:${repository}`],
      detail: {
        ...{ callerUserArn: `arn:aws:iam::${account}:user/local`, event },
        ...{ repositoryName: repository, repositoryId: repository },
        ...{ referenceType: kind === 'heads' ? 'branch' : 'tag', referenceName: short, referenceFullName: name },
        commitId: commit,
        ...(old !== undefined && { oldCommitId: old }),
      },
    });
  }
}
