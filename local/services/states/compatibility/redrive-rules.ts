import type { Rule } from '../../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/step-functions/latest/dg';
const api = 'https://docs.aws.amazon.com/step-functions/latest/apireference';

/** Rules of executions that are redriven. */
export const redriveRules: readonly Rule[] = [
  {
    id: 'states.redrive.aborted',
    rule: 'An execution that was stopped can be redriven.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.again',
    rule: 'A redriven execution can be redriven again.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.definition',
    rule: 'A redrive uses the definition of the first start.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.deleted-machine',
    rule: 'An execution of a deleted machine is not redriven.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.described',
    rule: 'A redrive is counted and dated in descriptions, lists, events and the context object.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.express',
    rule: 'Express executions are not redriven.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.fail-state',
    rule: 'A Fail state is entered again, and fails again.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.filter',
    rule: 'Executions are listed by whether they were redriven.',
    source: `${api}/API_ListExecutions.html`,
  },
  {
    id: 'states.redrive.full-history',
    rule: 'An execution whose history is full is not redriven.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.history',
    rule: 'The history goes on after ExecutionRedriven.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.map',
    rule: 'Failed, aborted and unstarted iterations run, within MaxConcurrency.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.nested',
    rule: 'A redrive goes on inside a Map inside a Parallel.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.output-failed',
    rule: 'A group whose own output failed runs again as a whole.',
    source: 'inferred',
  },
  {
    id: 'states.redrive.parallel',
    rule: 'Only failed branches run again, from where they failed.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.parallel-aborted',
    rule: 'Branches that were aborted run again.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.refused',
    rule: 'What cannot be redriven is refused with ExecutionNotRedrivable.',
    source: `${api}/API_RedriveExecution.html`,
  },
  { id: 'states.redrive.restart', rule: 'A redrive is durable.', source: 'inferred' },
  {
    id: 'states.redrive.resumes',
    rule: 'A redrive runs the state that failed with the same input, and none that succeeded.',
    source: `${guide}/redrive-executions.html`,
  },
  { id: 'states.redrive.retries', rule: 'A redrive counts retries anew.', source: `${guide}/redrive-executions.html` },
  {
    id: 'states.redrive.timeout',
    rule: 'A redrive begins the time of the machine anew.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.token',
    rule: 'The same client token gets the same answer within 15 minutes.',
    source: `${api}/API_RedriveExecution.html`,
  },
  {
    id: 'states.redrive.wait-past',
    rule: 'A Wait whose timestamp is past ends at once.',
    source: `${guide}/redrive-executions.html`,
  },
  {
    id: 'states.redrive.window',
    rule: 'An execution can be redriven for 14 days after its end.',
    source: `${guide}/redrive-executions.html`,
  },
];
