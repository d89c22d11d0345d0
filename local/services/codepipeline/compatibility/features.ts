import type { FeatureTable } from '../../compatibility.ts';

const elsewhere = 'refused at creation by name, or shown as not run locally with --not-run';

/** Providers, rules and events with how far they are here. */
export const features: readonly FeatureTable[] = [
  {
    title: 'Action providers',
    features: [
      { name: 'Approval: Manual', answer: 'yes' },
      { name: 'Deploy: S3', answer: 'yes' },
      { name: 'Invoke: Lambda', answer: 'yes' },
      { name: 'Invoke: Step Functions', answer: 'yes' },
      { name: 'Source: S3', answer: 'yes' },
      {
        name: 'Source: CodeStarSourceConnection',
        answer: 'partly',
        how: 'a local folder stands for the repository; CODE_ZIP only',
      },
      { name: 'Source: CodeCommit', answer: 'partly', how: 'a local folder stands for the repository; CODE_ZIP only' },
      { name: 'Source: ECR', answer: 'partly', how: 'there is no registry: an event or the start names the image' },
      {
        name: 'Custom',
        answer: 'partly',
        how: 'for build, deploy, test and invoke; source and approval are reserved on AWS too',
      },
      { name: 'Any other', answer: 'no', how: elsewhere },
    ],
  },
  {
    title: 'What starts a pipeline',
    features: [
      { name: 'StartPipelineExecution, PutActionRevision, rules of EventBridge', answer: 'yes' },
      { name: 'Creation', answer: 'partly', how: 'only where `startOnCreate` is set' },
      { name: 'Push triggers with filters, and pushes to the branch of a connection', answer: 'yes' },
      {
        name: 'Pull request triggers',
        answer: 'partly',
        how: 'a pull request is its ref in the folder, and is closed when that is deleted',
      },
      { name: 'Polling of S3 and CodeCommit', answer: 'yes' },
      { name: 'Webhooks', answer: 'no', how: 'for GitHub (version 1), which is not run here' },
    ],
  },
  {
    title: 'Rules of conditions',
    features: [
      { name: 'CloudWatchAlarm', answer: 'yes' },
      { name: 'DeploymentWindow', answer: 'yes' },
      { name: 'LambdaInvoke', answer: 'yes' },
      {
        name: 'VariableCheck',
        answer: 'partly',
        how: 'MATCHES reads expressions as JavaScript does, not as Java does',
      },
      { name: 'CodeBuild, Commands', answer: 'no', how: 'there are no builds here' },
    ],
  },
  {
    title: 'Events',
    features: [
      { name: 'Pipeline, stage and action execution state changes', answer: 'yes' },
      {
        name: 'AWS API Call via CloudTrail',
        answer: 'partly',
        how: 'of calls that change pipelines, executions, action types or tags; not of the protocol of jobs, nor of refused calls',
      },
    ],
  },
];
