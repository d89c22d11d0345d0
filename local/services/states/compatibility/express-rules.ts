import type { Rule } from '../../compatibility.ts';

/** Rules of Express machines and of redrives. */
export const expressRules: readonly Rule[] = [
  {
    id: 'states.express.sync',
    rule: 'StartSyncExecution answers when the execution has ended, with its output.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html',
  },
  {
    id: 'states.express.billing',
    rule: 'Billed are 64 MB and the duration in steps of 100 ms.',
    source: 'https://aws.amazon.com/step-functions/pricing/',
  },
  {
    id: 'states.express.sync-failure',
    rule: 'StartSyncExecution answers also when the execution fails.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html',
  },
  {
    id: 'states.express.limit',
    rule: 'An Express execution times out after five minutes.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html',
  },
  {
    id: 'states.express.type',
    rule: 'StartSyncExecution refuses Standard machines, ListExecutions Express ones, with StateMachineTypeNotSupported.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html',
  },
  {
    id: 'states.express.metadata-only',
    rule: 'StartSyncExecution leaves out the data when asked to.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html',
  },
  {
    id: 'states.express.refused',
    rule: 'StartSyncExecution refuses with its documented errors.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html',
  },
  {
    id: 'states.express.at-most-once',
    rule: 'A synchronous execution is not taken up again after the process died.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/express-at-least-once-execution.html',
  },
  {
    id: 'states.express.at-least-once',
    rule: 'An asynchronous Express execution goes on after a restart.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/express-at-least-once-execution.html',
  },
  {
    id: 'states.express.not-idempotent',
    rule: 'StartExecution is not idempotent for Express machines.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html',
  },
  {
    id: 'states.express.no-history',
    rule: 'Express executions are not described, listed or kept, and have no history in the API.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html',
  },
  {
    id: 'states.express.no-events',
    rule: 'Express executions put no event on the bus.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html',
  },
  {
    id: 'states.express.no-event-limit',
    rule: 'Express executions have no limit of events.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
  {
    id: 'states.express.patterns',
    rule: 'Express machines refuse .sync and .waitForTaskToken.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html',
  },
  {
    id: 'states.express.type-kept',
    rule: 'The type of a machine is described, listed and never changes.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
  },
  {
    id: 'states.express.delete',
    rule: 'A deleted Express machine is gone at once, and what it runs goes on.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html',
  },
  {
    id: 'states.express.resource',
    rule: 'StateMachineType makes an Express machine.',
    source:
      'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html',
  },
  {
    id: 'states.express.nested-sync',
    rule: 'aws-sdk:sfn:startSyncExecution waits for an Express execution.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html',
  },
  {
    id: 'states.express.nested-restart',
    rule: 'A task that waits for an Express execution calls again after a restart, when the time of the first call is over.',
    source: 'inferred',
  },
  {
    id: 'states.express.nested-failure',
    rule: 'The failure of a synchronous Express execution is an answer, which fails no task.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html',
  },
  {
    id: 'states.express.nested-start',
    rule: 'states:startExecution starts an Express execution and does not wait for it.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
  },
  {
    id: 'states.express.nested-job',
    rule: 'A task that would wait for an Express execution with .sync fails.',
    source: 'inferred',
  },
  {
    id: 'states.express.host-prefix',
    rule: 'SDK clients find StartSyncExecution behind the prefix sync- of its host, and without it.',
    source: 'inferred',
  },
  {
    id: 'states.redrive.resumes',
    rule: 'A redrive runs the state that failed with the same input, and none that succeeded.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.history',
    rule: 'A redrive goes on with the history, after ExecutionRedriven.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.described',
    rule: 'Redrives are counted and dated in descriptions, events and the context object.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html',
  },
  {
    id: 'states.redrive.filter',
    rule: 'ListExecutions tells what was redriven from what was not.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html',
  },
  {
    id: 'states.redrive.definition',
    rule: 'A redrive uses the definition that the execution was started with.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.retries',
    rule: 'A redrive counts retries anew.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.timeout',
    rule: 'A redrive begins the time of the machine anew.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.aborted',
    rule: 'Executions that were stopped are redriven too, also before their first state.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.wait-past',
    rule: 'A Wait whose timestamp is past is left at once in a redrive.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.fail-state',
    rule: 'An execution that a Fail state has ended meets it again in a redrive, and fails again.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.token',
    rule: 'RedriveExecution answers again for one of the last ten tokens within 15 minutes.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html',
  },
  { id: 'states.redrive.restart', rule: 'A redrive is durable.', source: 'inferred' },
  {
    id: 'states.redrive.parallel',
    rule: 'A redrive runs only those branches of a Parallel again that have not succeeded.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.parallel-aborted',
    rule: 'Branches that were ended because another one failed run again in a redrive.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.again',
    rule: 'An execution may be redriven again.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.map',
    rule: 'A redrive runs only those iterations of a Map again that have not succeeded, MaxConcurrency at a time.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.nested',
    rule: 'A redrive goes on inside a Map inside a Parallel.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  },
  {
    id: 'states.redrive.output-failed',
    rule: 'A Parallel whose own output could not be made runs again as a whole.',
    source: 'inferred',
  },
  {
    id: 'states.redrive.each-once',
    rule: 'Redriven until it succeeds, an execution makes each of its calls succeed once, whatever its Parallels and Maps.',
    source: 'inferred',
  },
  {
    id: 'states.redrive.refused',
    rule: 'What runs, has succeeded or ended more than 14 days ago is not redrivable, in the documented words.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html',
  },
  {
    id: 'states.redrive.window',
    rule: 'An execution is redrivable for 14 days.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html',
  },
  {
    id: 'states.redrive.deleted-machine',
    rule: 'An execution of a deleted machine is not redrivable.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html',
  },
  {
    id: 'states.redrive.full-history',
    rule: 'An execution with 24,999 events is not redrivable.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html',
  },
  {
    id: 'states.redrive.express',
    rule: 'Express executions are not redrivable.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html',
  },
];
