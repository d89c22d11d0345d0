import { guide, reference, rulesOf } from './rules-of.ts';

/** How executions start, meet, stop, are retried and rolled back. */
export const executionRules = rulesOf({
  [guide('concepts-how-it-works')]: {
    'superseded.lock': 'A stage holds one execution and is locked meanwhile.',
    'superseded.waiting-slot': 'In front of a locked stage waits one execution; a newer one takes its place.',
    'superseded.failure-unlocks': 'A failure gives the stage back.',
    'superseded.approval-locks': 'A stage with an open approval stays locked.',
    'queued.order': 'In the mode QUEUED executions go one by one in the order of their starts.',
    'parallel.independent': 'In the mode PARALLEL executions run at the same time, whatever the others do.',
    'stop.unlocks': 'A stop gives the stage to the execution that waits.',
    'stop.inbound': 'A stopped execution leaves the place that it waits in.',
  },
  [reference('StageExecution')]: {
    'state.stage-statuses': 'A stage is InProgress, Succeeded, Failed, Stopping, Stopped, Cancelled or Skipped.',
  },
  [reference('ActionState')]: {
    'state.actions': 'The state tells how each action’s newest run stands.',
    'state.source-revision': 'The state and the lists tell a source’s revision and its URL.',
  },
  [guide('execution-modes')]: {
    'parallel.no-rollback': 'The mode PARALLEL has neither stage rollback nor a failure result ROLLBACK.',
  },
  [guide('transitions')]: {
    'transitions.waiting-slot': 'A disabled transition holds one execution; a newer one takes its place.',
    'transitions.future-only': 'Disabling holds executions that come later; what has entered goes on.',
    'transitions.thirty-days':
      'An execution does not go on after a transition has been disabled for more than 30 days.',
    'retry.inbound': 'A stopped execution that only waited for a stage cannot be retried there.',
    'transitions.stopped-inbound': 'What was stopped while it waited does not enter when the transition is enabled.',
  },
  [reference('DisableStageTransition')]: {
    'transitions.reason-charset': 'A reason has letters, digits, spaces and the characters ! @ ( ) . * ? -.',
    'transitions.bounds': 'A reason is needed, and the type is Inbound or Outbound.',
    'transitions.place': 'Pipeline and stage must exist.',
  },
  [reference('StageState')]: {
    'transitions.outbound': 'An outbound transition holds at the next stage; the state tells inbound transitions only.',
  },
  [reference('StartPipelineExecution')]: {
    'start.request-token': 'A client request token starts one execution, however often it is sent.',
    'start.token-characters': 'A client request token has 1 to 128 letters, digits and hyphens.',
    'start.unknown-pipeline': 'A pipeline that does not exist is refused by PipelineNotFoundException.',
    'start.variable-empty': 'The value of a variable has 1 to 1000 characters.',
    'start.bounds': 'A start has 1 to 50 variables and at most 50 source revisions.',
    'start.source-revision': 'A source action takes the revision that the start asks for.',
  },
  [reference('SourceRevisionOverride')]: {
    'start.revision-type': 'A source revision is of a type that its provider has.',
  },
  [guide('action-reference-S3')]: {
    'start.object-key': 'S3_OBJECT_KEY needs AllowOverrideForS3ObjectKey.',
  },
  [reference('StopPipelineExecution')]: {
    'stop.wait': 'A stop waits for the actions in progress and starts nothing new.',
    'stop.bounds': 'The comment of a stop has at most 200 characters.',
    'stop.abandon': 'A stop that abandons ends actions at once as Abandoned.',
    'stop.duplicated': 'A second stop is refused, but a stop that waits may become one that abandons.',
    'stop.not-stoppable': 'An execution that has ended cannot be stopped.',
  },
  [reference('RetryStageExecution')]: {
    'retry.failed-actions': 'FAILED_ACTIONS runs the failed actions again under the same execution id.',
    'retry.all-actions': 'ALL_ACTIONS runs the stage from its first action.',
    'retry.while-others-run': 'Failed actions can be retried while others are still in progress.',
    'retry.modes': 'The retry mode is FAILED_ACTIONS or ALL_ACTIONS.',
    'retry.no-failed-actions': 'A stage without failed actions is refused by StageNotRetryableException.',
    'retry.structure-changed': 'A stage cannot be retried after an update of the pipeline.',
    'retry.not-latest': 'It is refused by NotLatestPipelineExecutionException once another execution has entered.',
    'retry.place': 'Pipeline, stage and execution must exist.',
  },
  [guide('pipelines-stop')]: {
    'retry.stopped-stage': 'What a stop has left can be retried.',
  },
  [guide('detect-state-changes-cloudwatch-events')]: {
    'retry.events': 'A retry tells RESUMED of the stage, and of the pipeline.',
  },
  [guide('stage-rollback')]: {
    'rollback.new-execution': 'A rollback is a new execution with the revisions and variables of its target.',
    'rollback.source-stage': 'The source stage cannot be rolled back.',
    'rollback.target': 'A target has succeeded in the stage and is no rollback itself.',
    'rollback.version': 'A target was started in the current version of the pipeline.',
  },
  [guide('stage-rollback-auto')]: {
    'auto-rollback.latest-success': 'A failed stage is rolled back to the newest execution that succeeded in it.',
    'auto-rollback.no-target': 'Where none has succeeded, it is not rolled back.',
  },
  [reference('RollbackStage')]: {
    'rollback.running': 'A stage that runs is refused by UnableToRollbackStageException.',
    'rollback.unknown': 'Stage and target must exist.',
  },
  [reference('RetryStageMetadata')]: {
    'auto-retry.once': 'A failed stage is retried by itself once, as the state tells.',
  },
  [reference('RetryConfiguration')]: {
    'auto-retry.mode': 'It is retried with its failed actions, or from its first.',
  },
  [reference('PutApprovalResult')]: {
    'parallel.approval-token':
      'In the mode PARALLEL an approval’s token is its external execution id, and the state does not tell it.',
    'approvals.approved': 'An approved action succeeds; the state says by whom and why.',
    'approvals.once': 'A second answer is refused by ApprovalAlreadyCompletedException.',
    'approvals.unknown-token': 'A token that nobody issued, or that has expired, is refused.',
    'approvals.place': 'Pipeline, stage and action must exist.',
    'approvals.bounds': 'The answer is Approved or Rejected, the token a UUID, the summary up to 512 characters.',
    'approvals.token': 'An open approval has a token, which the state of the pipeline tells.',
  },
  [guide('approvals')]: {
    'approvals.rejected': 'A rejected action fails, and its stage with it.',
    'approvals.timeout': 'An approval fails after 7 days, or after the minutes that it names.',
  },
  [guide('approvals-action-add')]: {
    'approvals.configuration': 'An approval has CustomData, ExternalEntityLink and NotificationArn, and no artifacts.',
  },
  [guide('approvals-json-format')]: {
    'approvals.notification': 'The topic of an approval gets the documented message.',
  },
  [reference('ListPipelineExecutions')]: {
    'history.executions': 'Executions are listed newest first, with status, source revisions and times.',
    'history.succeeded-in-stage': 'A filter keeps to executions that succeeded in a stage.',
    'history.current-version': 'That filter keeps to the current version of the pipeline.',
    'history.pages': 'A list is paged, each item once.',
    'history.bounds': 'A page has 1 to 100 items; an unknown token is refused by InvalidNextTokenException.',
  },
  [reference('ListActionExecutions')]: {
    'history.actions': 'Action executions are listed newest first, of all executions or of one.',
    'action-executions.resolved': 'An action execution has its configuration as declared, and resolved.',
  },
  [reference('GetPipelineExecution')]: {
    'history.unknown-execution': 'An execution that does not exist is refused by PipelineExecutionNotFoundException.',
    'history.enumerations': 'Status, mode, type and trigger have the words of the API.',
  },
  inferred: {
    'superseded.no-limit': 'In the mode SUPERSEDED any number of executions can be started.',
    'queued.transitions': 'An enabled transition lets the whole queue in, one by one.',
    'transitions.durable': 'A transition stays disabled over a restart.',
    'start.variable-missing': 'A variable without default needs a value at each start.',
    'start.variable-unknown': 'A variable that is not declared is refused.',
    'start.variable-twice': 'A variable is given once.',
    'start.revision-action': 'A source revision names a source action of the pipeline.',
    'start.revision-twice': 'A source revision is given once for each action and type.',
    'start.revision-gone': 'A revision that is gone fails the source action.',
    'retry.locks': 'A retry locks the stage again.',
    'rollback.one-stage': 'A rollback runs its one stage.',
    'rollback.outdated': 'A target older than the history is refused by PipelineExecutionOutdatedException.',
    'auto-rollback.once': 'A rollback that fails is not rolled back again.',
    'approvals.token-kept': 'No event tells the token of an approval.',
    'approvals.topic-unreachable': 'An approval whose topic cannot be reached fails.',
    'restart.goes-on': 'After a kill an execution goes on where it was.',
    'restart.answer': 'After a kill a job that was handed out takes its answer, and is not handed out again.',
  },
  unverified: {
    'concurrency.fifty': 'The limit of open executions is 50.',
    'concurrency.limit':
      'In the modes QUEUED and PARALLEL so many executions may be open; a start and a retry beyond that are refused.',
  },
});
