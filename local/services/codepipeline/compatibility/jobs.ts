import { guide, reference, rulesOf } from './rules-of.ts';

const lambdaGuide = 'https://docs.aws.amazon.com/lambda/latest/dg/services-codepipeline.html';
const silence = 'https://github.com/amazon-archives/cloudformation-validation-pipeline/issues/3';

/** Lambda actions, custom actions, and the jobs of both. */
export const jobRules = rulesOf({
  [lambdaGuide]: {
    'lambda-job.asynchronous': 'A function is invoked asynchronously, with the role of the action or the pipeline.',
    'lambda-job.event': 'A function gets the documented event under the key CodePipeline.job.',
  },
  [guide('action-reference-Lambda')]: {
    'lambda-job.answer-only': 'Only an answer ends a job, neither what the function returns nor its error.',
    'lambda-job.encryption-key': 'The event has the key of the artifact store, and none where that has none.',
  },
  [guide('actions-invoke-lambda-function')]: {
    'lambda-job.no-context': 'The event has neither the type of the action nor the context of the pipeline.',
    'lambda-job.continuation': 'An answer with a continuation token makes a new job that carries it.',
    'job-result.failure': 'A failure carries its type and message to the action.',
  },
  [guide('limits')]: {
    'lambda-action.timeout': 'A Lambda action fails after 24 hours.',
    'lambda-job.reply-timer': 'Each continuation begins 20 new minutes.',
    'custom-action.timeout': 'A custom action fails after 24 hours.',
    'custom-action.quota': 'A region has at most 50 custom action types.',
  },
  [silence]: {
    'lambda-job.no-reply': 'A job without an answer for 20 minutes fails its action with the known text.',
  },
  [reference('AWSSessionCredentials')]: {
    'lambda-job.credentials': 'A job has temporary credentials of a session of its own.',
  },
  [reference('GetJobDetails')]: {
    'job-details.new-credentials': 'A job’s details have new credentials each time.',
    'job-details.secrets': 'A job’s details have the secrets of the action.',
  },
  [reference('JobData')]: {
    'job-details.context': 'A job’s details have its action type and pipeline, with ARN and execution id.',
  },
  [reference('PutJobSuccessResult')]: {
    'job-result.success': 'An answer without a token ends the action as succeeded, with summary and variables.',
    'job-result.variables-or-token': 'Output variables and a continuation token exclude each other.',
    'job-result.token-length': 'A continuation token has 1 to 2048 characters.',
    'job-result.variable-names': 'Names of output variables have letters, digits, @ - and _.',
    'job-result.job-id': 'A job id is a UUID in lower case.',
    'job-result.unknown-job': 'An unknown job is refused by JobNotFoundException.',
    'job-result.revision': 'An answer may name the revision that it has worked on.',
  },
  [reference('ExecutionDetails')]: {
    'job-result.details-bounds': 'Details and revision of an answer keep to their bounds.',
    'job-result.progress': 'A continuation’s summary, external id and per cent are in the state of the pipeline.',
  },
  [reference('FailureDetails')]: {
    'job-result.failure-bounds': 'A failure has a known type and a message of 1 to 5000 characters.',
  },
  [guide('actions-create-custom-action')]: {
    'custom-action.create': 'A custom action type belongs to the owner Custom.',
    'custom-action.categories': 'Custom actions are for build, deploy, test and invoke.',
    'custom-action.url-template': 'A URL template refers to properties that are required and not secret.',
    'custom-action.urls': 'The URLs of a type are in the state of the pipeline, filled in.',
    'custom-action.continuation': 'A continuation token comes back with a new job.',
    'custom-action.failure': 'A worker may fail its action at any time.',
    'acknowledge-job.first': 'A job is answered after it has been acknowledged.',
  },
  [reference('CreateCustomActionType')]: {
    'custom-action.bounds': 'A custom action type keeps to its bounds.',
    'custom-action.property-limit': 'It has at most 10 properties.',
    'custom-action.artifact-limit': 'It has 0 to 5 artifacts each way.',
  },
  [reference('ActionConfigurationProperty')]: {
    'custom-action.queryable-one': 'At most one property is queryable.',
    'custom-action.queryable-plain': 'A queryable property is required and not secret.',
    'custom-action.queryable-value': 'Its value in a pipeline has at most 20 letters, digits, - and _.',
    'custom-action.secrets': 'Secrets are masked but for workers, and a masked value in an update keeps the old one.',
  },
  [reference('DeleteCustomActionType')]: {
    'custom-action.version-once': 'A version of a deleted type comes back only as it was.',
  },
  [reference('PollForJobs')]: {
    'poll-for-jobs.hand-out': 'A worker gets jobs with their pipeline and secrets.',
    'poll-for-jobs.owner': 'Jobs are polled for the owner Custom only, and for a type that exists.',
    'poll-for-jobs.query': 'A queryable property must be named, and only jobs with its value are given.',
    'poll-for-jobs.no-query': 'Where nothing is queryable nothing may be named.',
    'poll-for-jobs.batch-size': 'A worker gets at most as many jobs as it asks for, at least 1.',
  },
  inferred: {
    'lambda-job.user-parameters': 'The event has no UserParameters where the action has none.',
    'lambda-job.at-least-once': 'A job may be handed out twice under one id, after a crash.',
    'lambda-action.not-invoked': 'An action whose function is not there, or may not be invoked, fails at once.',
    'lambda-action.throttled':
      'An invocation that is throttled is tried again, and fails the action if that does not pass.',
    'job-result.once': 'A job is answered once; a second answer is refused by InvalidJobStateException.',
    'job-result.not-handed-out': 'A job that has not been handed out cannot be answered.',
    'job-details.ended': 'A job’s details are told while its action is in progress.',
    'artifacts.key':
      'The key of an artifact is the pipeline’s name cut to 20, the artifact’s cut to 10, and 7 random characters.',
  },
  unverified: {
    'acknowledge-job.again': 'A job that is acknowledged again with its newest nonce answers with its status.',
    'job-details.lambda-job': 'GetJobDetails answers for the jobs of Lambda actions too.',
    'lambda-job.continuation-interval': 'A continuation is handed out after 30 seconds.',
    'poll-for-jobs.redelivery': 'A job that is not acknowledged goes out again after a minute, with another nonce.',
  },
});
