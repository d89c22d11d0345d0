import type { Rule } from '../../compatibility.ts';

/** Rules of executions, their histories and events. */
export const executionsRules: readonly Rule[] = [
  {
    id: 'states.start.idempotent',
    rule: 'StartExecution with name and input of a running execution is that execution.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html',
  },
  {
    id: 'states.start.name-reuse',
    rule: 'A name comes again 90 days after its execution has ended, or is refused with ExecutionAlreadyExists.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html',
  },
  {
    id: 'states.start.refused',
    rule: 'StartExecution refuses names, inputs and ARNs with its documented errors.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html',
  },
  {
    id: 'states.stop.at-once',
    rule: 'StopExecution ends an execution as ABORTED with error and cause, whatever was scheduled.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html',
  },
  {
    id: 'states.stop.ended',
    rule: 'StopExecution changes nothing of an execution that has ended.',
    source: 'inferred',
  },
  {
    id: 'states.list',
    rule: 'Lists show the last execution first, by pages, by status.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html',
  },
  {
    id: 'states.history.pages',
    rule: 'Histories are read from either end, by pages, and without data.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html',
  },
  {
    id: 'states.history.all-pages',
    rule: 'A history is the same in pages of any size.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html',
  },
  {
    id: 'states.describe.unknown',
    rule: 'An execution that does not exist is refused with ExecutionDoesNotExist.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html',
  },
  {
    id: 'states.describe.metadata-only',
    rule: 'DescribeExecution leaves out input and output when asked to.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html',
  },
  {
    id: 'states.events.status-change',
    rule: 'A status change of a Standard execution is an event on the default bus.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html',
  },
  {
    id: 'states.events.too-large',
    rule: 'Input and output that are too large for an event are left out, and the event says so.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html',
  },
  { id: 'states.restart.wait', rule: 'A Wait ends when it should have, across a restart.', source: 'inferred' },
  {
    id: 'states.restart.started',
    rule: 'An execution that had only been started runs after a restart.',
    source: 'inferred',
  },
  {
    id: 'states.restart.task',
    rule: 'A task whose call broke with the process is called again with the same token.',
    source: 'inferred',
  },
  { id: 'states.restart.token', rule: 'A task takes its token after a restart.', source: 'inferred' },
  {
    id: 'states.restart.timers',
    rule: 'Retries and time-outs come when they should have, across a restart.',
    source: 'inferred',
  },
  { id: 'states.restart.finished', rule: 'A finished execution stays finished after a restart.', source: 'inferred' },
];
