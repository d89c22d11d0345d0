import type { Rule } from '../../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/step-functions/latest/dg';
const api = 'https://docs.aws.amazon.com/step-functions/latest/apireference';
const language = 'https://states-language.net';

/** Rules of Amazon States Language. */
export const languageRules: readonly Rule[] = [
  {
    id: 'states.intrinsics',
    rule: 'The intrinsic functions of JSONPath give what is documented.',
    source: `${guide}/intrinsic-functions.html`,
  },
  {
    id: 'states.intrinsics.random',
    rule: 'States.MathRandom keeps to its bounds and its seed; States.UUID gives a version 4 UUID.',
    source: `${guide}/intrinsic-functions.html`,
  },
  {
    id: 'states.jsonpath.assign',
    rule: 'Assign takes from the result, and later states read the variables.',
    source: `${guide}/workflow-variables.html`,
  },
  {
    id: 'states.jsonpath.catch',
    rule: 'A catcher places the error output at its ResultPath.',
    source: `${guide}/concepts-error-handling.html`,
  },
  {
    id: 'states.jsonpath.check',
    rule: 'A definition with fields or paths that do not fit its query language is refused with the place.',
    source: `${language}/spec.html`,
  },
  {
    id: 'states.jsonpath.choice',
    rule: 'Choice rules compare by their operators, with And, Or and Not.',
    source: `${guide}/state-choice.html`,
  },
  {
    id: 'states.jsonpath.errors',
    rule: 'Paths and parameters that cannot be resolved fail with the documented error.',
    source: `${guide}/concepts-error-handling.html`,
  },
  {
    id: 'states.jsonpath.map',
    rule: 'Map takes ItemsPath and ItemSelector, and Parallel gives all branches the Parameters.',
    source: `${guide}/state-map-inline.html`,
  },
  {
    id: 'states.jsonpath.order',
    rule: 'InputPath, Parameters, ResultSelector, ResultPath and OutputPath are applied in this order.',
    source: `${guide}/concepts-input-output-filtering.html`,
  },
  { id: 'states.jsonpath.pass', rule: 'Pass has a Result, Parameters and paths.', source: `${guide}/state-pass.html` },
  {
    id: 'states.jsonpath.path',
    rule: 'Paths find what JSONPath’s operators and filters find.',
    source: `${guide}/amazon-states-language-paths.html`,
  },
  {
    id: 'states.jsonpath.result-path',
    rule: 'ResultPath makes the objects on the way and leaves the rest of the input.',
    source: `${guide}/input-output-resultpath.html`,
  },
  {
    id: 'states.jsonpath.syntax',
    rule: 'A path that is none is refused when the machine is made.',
    source: `${guide}/amazon-states-language-paths.html`,
  },
  {
    id: 'states.jsonpath.wait-paths',
    rule: 'Wait takes SecondsPath and TimestampPath, Fail takes ErrorPath and CausePath.',
    source: `${guide}/state-wait.html`,
  },
  {
    id: 'states.map.catch',
    rule: 'A failed iteration is retried and caught on the whole.',
    source: `${guide}/state-map-inline.html`,
  },
  {
    id: 'states.map.context-item',
    rule: 'The context object has index and value of the item, in ItemSelector and inside.',
    source: `${guide}/input-output-contextobject.html`,
  },
  { id: 'states.map.empty', rule: 'No items give an empty array.', source: `${guide}/state-map-inline.html` },
  {
    id: 'states.map.failure',
    rule: 'The first iteration that fails fails the Map and aborts the others.',
    source: `${guide}/state-map-inline.html`,
  },
  {
    id: 'states.map.history',
    rule: 'Each iteration is in the history with its name and index.',
    source: `${api}/API_HistoryEvent.html`,
  },
  {
    id: 'states.map.items',
    rule: 'The processor runs for each item, and the outputs come in their order.',
    source: `${guide}/state-map-inline.html`,
  },
  {
    id: 'states.map.items-array',
    rule: 'Items that are no array fail the state.',
    source: `${guide}/state-map-inline.html`,
  },
  {
    id: 'states.map.items-default',
    rule: 'A Map that names no items takes its input.',
    source: `${guide}/state-map-inline.html`,
  },
  {
    id: 'states.map.max-concurrency',
    rule: 'MaxConcurrency bounds how many iterations run at one time; 0 is no bound.',
    source: `${guide}/state-map-inline.html`,
  },
  {
    id: 'states.map.nested',
    rule: 'A Map inside a Map has the inner items.',
    source: `${guide}/state-map-inline.html`,
  },
  { id: 'states.map.restart', rule: 'A Map goes on after a restart, each item once.', source: 'inferred' },
  {
    id: 'states.map.tolerated-failures',
    rule: 'A number or percentage of failures is tolerated.',
    source: `${guide}/state-map-distributed.html`,
  },
  {
    id: 'states.name.unique',
    rule: 'A name is used by one state of a whole machine.',
    source: `${guide}/statemachine-structure.html`,
  },
  {
    id: 'states.parallel.arguments',
    rule: 'Every branch gets the Arguments, and Output sees the results.',
    source: `${guide}/state-parallel.html`,
  },
  {
    id: 'states.parallel.branch-failed',
    rule: 'The failure of any branch is caught as States.BranchFailed.',
    source: `${guide}/concepts-error-handling.html`,
  },
  { id: 'states.parallel.catch', rule: 'The error of a branch is caught.', source: `${guide}/state-parallel.html` },
  {
    id: 'states.parallel.failure-aborts',
    rule: 'A branch that fails aborts the others, and its error is the state’s.',
    source: `${guide}/state-parallel.html`,
  },
  {
    id: 'states.parallel.history',
    rule: 'The history tells when a Parallel starts, succeeds and exits.',
    source: `${api}/API_HistoryEvent.html`,
  },
  {
    id: 'states.parallel.nested',
    rule: 'What runs inside an aborted branch is aborted, the deepest first.',
    source: 'inferred',
  },
  { id: 'states.parallel.restart', rule: 'A Parallel goes on after a restart.', source: 'inferred' },
  {
    id: 'states.parallel.result-order',
    rule: 'Outputs come in the order of the branches.',
    source: `${guide}/state-parallel.html`,
  },
  { id: 'states.parallel.retry', rule: 'A retry runs all branches again.', source: `${guide}/state-parallel.html` },
  {
    id: 'states.query-language.mixed',
    rule: 'Single states of a JSONPath machine can be in JSONata.',
    source: `${guide}/transforming-data.html`,
  },
  {
    id: 'states.transition.own-group',
    rule: 'A transition stays within its branch or processor.',
    source: `${language}/spec.html`,
  },
  {
    id: 'states.variables.inner-scope',
    rule: 'Inner states read outer variables, and theirs stay inside.',
    source: `${guide}/workflow-variables.html`,
  },
];
