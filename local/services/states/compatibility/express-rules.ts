import type { Rule } from '../../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/step-functions/latest/dg';
const api = 'https://docs.aws.amazon.com/step-functions/latest/apireference';
const cfn = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide';

/** Rules of Express machines. */
export const expressRules: readonly Rule[] = [
  {
    id: 'states.express.at-least-once',
    rule: 'An asynchronous Express execution goes on after a restart.',
    source: `${guide}/choosing-workflow-type.html`,
  },
  {
    id: 'states.express.at-most-once',
    rule: 'A synchronous execution is not taken up again after the process died.',
    source: `${guide}/choosing-workflow-type.html`,
  },
  {
    id: 'states.express.billing',
    rule: 'Billed duration is in steps of 100 ms, memory in steps of 64 MB.',
    source: `${api}/API_BillingDetails.html`,
  },
  {
    id: 'states.express.delete',
    rule: 'An Express machine is deleted at once, and what it runs goes on.',
    source: `${api}/API_DeleteStateMachine.html`,
  },
  {
    id: 'states.express.host-prefix',
    rule: 'SDK clients reach StartSyncExecution with the prefix sync- before the host, and without.',
    source: `${api}/API_StartSyncExecution.html`,
  },
  {
    id: 'states.express.limit',
    rule: 'An Express execution has five minutes, or TimeoutSeconds when that is less.',
    source: `${guide}/service-quotas.html`,
  },
  {
    id: 'states.express.metadata-only',
    rule: 'Data are left out of the answer when asked.',
    source: `${api}/API_StartSyncExecution.html`,
  },
  {
    id: 'states.express.nested-failure',
    rule: 'A failed Express execution is an answer there, too.',
    source: `${api}/API_StartSyncExecution.html`,
  },
  {
    id: 'states.express.nested-job',
    rule: 'A task that would wait for an Express execution with .sync fails.',
    source: `${guide}/connect-stepfunctions.html`,
  },
  { id: 'states.express.nested-restart', rule: 'Such a call is made again after a restart.', source: 'inferred' },
  {
    id: 'states.express.nested-start',
    rule: 'states:startExecution starts an Express execution and does not wait.',
    source: `${guide}/connect-stepfunctions.html`,
  },
  {
    id: 'states.express.nested-sync',
    rule: 'aws-sdk:sfn:startSyncExecution waits for an Express execution.',
    source: `${guide}/connect-stepfunctions.html`,
  },
  {
    id: 'states.express.no-event-limit',
    rule: 'The history of an Express execution has no limit of 25,000 events.',
    source: `${guide}/service-quotas.html`,
  },
  {
    id: 'states.express.no-events',
    rule: 'Express executions put no event on the bus.',
    source: `${guide}/eventbridge-integration.html`,
  },
  {
    id: 'states.express.no-history',
    rule: 'Nothing of an Express execution is kept after its end.',
    source: `${guide}/choosing-workflow-type.html`,
  },
  {
    id: 'states.express.not-idempotent',
    rule: 'The same name and input start another Express execution.',
    source: `${guide}/choosing-workflow-type.html`,
  },
  {
    id: 'states.express.patterns',
    rule: 'Express machines have no .sync and no .waitForTaskToken.',
    source: `${guide}/choosing-workflow-type.html`,
  },
  {
    id: 'states.express.refused',
    rule: 'Wrong input is refused with the documented errors.',
    source: `${api}/API_StartSyncExecution.html`,
  },
  {
    id: 'states.express.resource',
    rule: 'A template’s StateMachineType makes the type.',
    source: `${cfn}/aws-resource-stepfunctions-statemachine.html`,
  },
  {
    id: 'states.express.sync',
    rule: 'StartSyncExecution answers when the execution has ended, with its output.',
    source: `${api}/API_StartSyncExecution.html`,
  },
  {
    id: 'states.express.sync-failure',
    rule: 'A failed execution is an answer, no error of the call.',
    source: `${api}/API_StartSyncExecution.html`,
  },
  {
    id: 'states.express.type',
    rule: 'StartSyncExecution takes Express machines only.',
    source: `${api}/API_StartSyncExecution.html`,
  },
  { id: 'states.express.type-kept', rule: 'A machine keeps its type.', source: `${guide}/choosing-workflow-type.html` },
];
