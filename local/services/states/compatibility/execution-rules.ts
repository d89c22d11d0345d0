import type { Rule } from '../../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/step-functions/latest/dg';
const api = 'https://docs.aws.amazon.com/step-functions/latest/apireference';

/** Rules of executions, nested ones, and of the checks before. */
export const executionRules: readonly Rule[] = [
  {
    id: 'states.history.limit',
    rule: 'A history has at most 25,000 events, with which the execution fails.',
    source: `${guide}/service-quotas.html`,
  },
  {
    id: 'states.history.limit-in-map',
    rule: 'Events of iterations count towards the 25,000.',
    source: `${guide}/service-quotas.html`,
  },
  {
    id: 'states.nested.failure',
    rule: 'A nested execution that fails fails the task with States.TaskFailed and its description as cause.',
    source: `${guide}/connect-stepfunctions.html`,
  },
  { id: 'states.nested.restart', rule: 'A nested execution is waited for across a restart.', source: 'inferred' },
  {
    id: 'states.nested.stop',
    rule: 'A nested execution is stopped with its parent.',
    source: `${guide}/connect-stepfunctions.html`,
  },
  {
    id: 'states.nested.stopped-child',
    rule: 'A nested execution that somebody stops fails the task.',
    source: `${guide}/connect-stepfunctions.html`,
  },
  {
    id: 'states.nested.sync',
    rule: '.sync and .sync:2 wait for the end: the output is a text, or JSON.',
    source: `${guide}/connect-stepfunctions.html`,
  },
  {
    id: 'states.nested.timeout',
    rule: 'A nested execution is stopped when the task’s time is over.',
    source: `${guide}/connect-stepfunctions.html`,
  },
  {
    id: 'states.nested.token',
    rule: 'A nested execution can send the task token of its parent.',
    source: `${guide}/connect-to-resource.html`,
  },
  {
    id: 'states.operations.all',
    rule: 'Every operation is answered, or refused by a name that says why.',
    source: 'inferred',
  },
  {
    id: 'states.tags',
    rule: 'Machines have tags, which are added, replaced and taken away.',
    source: `${api}/API_TagResource.html`,
  },
  { id: 'states.tags.limits', rule: 'A machine has at most 50 tags.', source: `${api}/API_TagResource.html` },
  {
    id: 'states.validate.all',
    rule: 'Each state’s problem is told, up to maxResults, and whether there are more.',
    source: `${api}/API_ValidateStateMachineDefinition.html`,
  },
  { id: 'states.validate.asl-validator', rule: 'What asl-validator refuses is refused.', source: 'inferred' },
  {
    id: 'states.validate.codes',
    rule: 'Diagnostics have the documented codes with the place.',
    source: `${api}/API_ValidateStateMachineDefinition.html`,
  },
  {
    id: 'states.validate.not-local',
    rule: 'What is not supported locally is refused by name, though AWS may take it.',
    source: 'inferred',
  },
  {
    id: 'states.validate.ok',
    rule: 'A definition of which a machine can be made is OK without diagnostics.',
    source: `${api}/API_ValidateStateMachineDefinition.html`,
  },
  {
    id: 'states.validate.type',
    rule: 'A definition is checked for the type of machine that it is for.',
    source: `${api}/API_ValidateStateMachineDefinition.html`,
  },
  {
    id: 'states.validate.warnings',
    rule: 'Warnings are told when they are asked for.',
    source: `${api}/API_ValidateStateMachineDefinition.html`,
  },
];
