import type { Rule } from '../../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/codepipeline/latest/userguide';
const reference = 'https://docs.aws.amazon.com/codepipeline/latest/APIReference';

const triggerRules: readonly Rule[] = [
  {
    id: 'codepipeline.trigger.branches',
    rule: 'A push filter of branches takes pushes to the branches that it includes, and no tag.',
    source: `${guide}/pipelines-filter.html`,
  },
  {
    id: 'codepipeline.trigger.tags',
    rule: 'A push filter of tags takes pushes of the tags that it includes, and no branch.',
    source: `${guide}/pipelines-filter.html`,
  },
  {
    id: 'codepipeline.trigger.file-paths',
    rule: 'A filter of file paths takes a push that changes at least one file that it takes.',
    source: 'inferred',
  },
  {
    id: 'codepipeline.trigger.excludes-first',
    rule: 'What a filter excludes is not taken, also where it includes it.',
    source: `${guide}/pipelines-filter.html`,
  },
  {
    id: 'codepipeline.trigger.or',
    rule: 'A trigger takes what any of its filters takes.',
    source: `${guide}/pipelines-filter-cli.html`,
  },
  {
    id: 'codepipeline.trigger.glob',
    rule: "Patterns are globs as Java's file systems read them.",
    source: `${guide}/syntax-glob.html`,
  },
  {
    id: 'codepipeline.trigger.combinations',
    rule: 'A filter is tags, branches, or branches with file paths, within the published bounds.',
    source: `${guide}/pipelines-triggers.html`,
  },
  {
    id: 'codepipeline.trigger.one-per-source',
    rule: 'A source action has one trigger at most.',
    source: `${reference}/API_GitConfiguration.html`,
  },
  {
    id: 'codepipeline.trigger.v2',
    rule: 'Triggers are only for pipelines of the type V2.',
    source: `${reference}/API_PipelineDeclaration.html`,
  },
  {
    id: 'codepipeline.trigger.default-off',
    rule: 'A trigger replaces the default change detection, and fetches the commit that was pushed.',
    source: `${guide}/pipelines-triggers.html`,
  },
  {
    id: 'codepipeline.trigger.manual-start',
    rule: 'A start by hand takes the branch of the action, whatever the trigger filters.',
    source: `${guide}/pipelines-filter.html`,
  },
  {
    id: 'codepipeline.trigger.pull-request',
    rule: 'A pull request filter takes its events of pull requests into its branches.',
    source: `${guide}/pipelines-filter.html`,
  },
  {
    id: 'codepipeline.trigger.pull-request-source',
    rule: 'A pull request starts its pipeline with the commit and the branch that it comes from.',
    source: `${guide}/pipelines-filter.html`,
  },
  {
    id: 'codepipeline.trigger.pull-request-refs',
    rule: 'In a folder a pull request is its ref: opened when refs/pull/n/head comes, updated when it moves, closed when it goes.',
    source: 'inferred',
  },
  {
    id: 'codepipeline.trigger.restart',
    rule: 'A push while the local cloud is not running starts its pipeline at the next start, once.',
    source: 'inferred',
  },
];

/** What the local CodePipeline claims of sources, of what starts pipelines by itself and of revisions. */
export const sourceRules: readonly Rule[] = [
  ...triggerRules,
  {
    id: 'codepipeline.connection-source.detects',
    rule: 'A source with a connection and no trigger starts its pipeline for a push to its branch, as WebhookV2 with the ARN of the connection.',
    source: 'inferred',
  },
  {
    id: 'codepipeline.connection-source.detect-changes',
    rule: 'With DetectChanges false a push starts nothing.',
    source: `${guide}/action-reference-CodestarConnectionSource.html`,
  },
  {
    id: 'codepipeline.codecommit-source.polling',
    rule: 'A source of CodeCommit is polled unless told not to, and starts its pipeline for pushes to its branch.',
    source: `${guide}/PollForSourceChanges-defaults.html`,
  },
  {
    id: 'codepipeline.codecommit-source.event',
    rule: 'A push to a repository of CodeCommit is told on the default bus, where rules start pipelines.',
    source: `${guide}/triggering.html`,
  },
  {
    id: 'codepipeline.start.event',
    rule: 'A rule with a pipeline as its target starts it, and is what triggered it, as CloudWatchEvent.',
    source: `${guide}/pipelines-about-starting.html`,
  },
  {
    id: 'codepipeline.start.event-revision',
    rule: 'The start by a rule takes the source revision that the input transformer of its target gives.',
    source: `${guide}/pipelines-trigger-source-overrides.html`,
  },
  {
    id: 'codepipeline.s3-source.polling',
    rule: 'A source of S3 is polled unless told not to, and starts its pipeline for each new version that polling finds.',
    source: `${guide}/PollForSourceChanges-defaults.html`,
  },
  {
    id: 'codepipeline.s3-source.no-polling',
    rule: 'With PollForSourceChanges false a new version starts nothing.',
    source: `${guide}/PollForSourceChanges-defaults.html`,
  },
  {
    id: 'codepipeline.polling.setting',
    rule: 'PollForSourceChanges is true or false.',
    source: `${guide}/PollForSourceChanges-defaults.html`,
  },
  {
    id: 'codepipeline.polling.inactive',
    rule: 'A pipeline that has been inactive for more than 30 days is not polled until it is started, and tells since when.',
    source: `${reference}/API_PipelineMetadata.html`,
  },
  {
    id: 'codepipeline.put-action-revision.starts',
    rule: 'PutActionRevision starts the pipeline with a revision that is new to it.',
    source: `${reference}/API_PutActionRevision.html`,
  },
  {
    id: 'codepipeline.put-action-revision.known',
    rule: 'PutActionRevision starts nothing for a revision that the pipeline has run, and tells the execution.',
    source: 'inferred',
  },
];
