import type { Rule } from '../../compatibility.ts';

/** Rules of states, whatever their query language. */
export const languageRules: readonly Rule[] = [
  {
    id: 'states.pass.input',
    rule: 'A Pass state without Output gives its input.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html',
  },
  {
    id: 'states.jsonpath.pass',
    rule: 'A Pass state in JSONPath applies Parameters, Result, ResultPath and OutputPath; null paths give {} or discard.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html',
  },
  {
    id: 'states.variables.old-values',
    rule: 'Assign and Output are evaluated from the values as they were before the state.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    id: 'states.variables.inner-scope',
    rule: 'Branches and iterations see outer variables, and what they assign stays inside.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    id: 'states.variables.total',
    rule: 'All variables of a state hold 10 MiB at most.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    id: 'states.variables.size',
    rule: 'One Assign sets 256 KiB at most.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    id: 'states.variables.name',
    rule: 'A variable has the name of an identifier of 80 characters at most, and is not called states.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    id: 'states.choice.first',
    rule: 'A Choice takes the first rule that is true, else its Default; each has its own Output and Assign.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html',
  },
  {
    id: 'states.choice.no-match',
    rule: 'A Choice without a match and without Default fails with States.NoChoiceMatched.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html',
  },
  {
    id: 'states.choice.boolean',
    rule: 'A Condition that gives no boolean fails with States.QueryEvaluationError.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html',
  },
  {
    id: 'states.choice.nested-next',
    rule: 'Rules inside And, Or and Not have no Next.',
    source: 'https://states-language.net/spec.html',
  },
  {
    id: 'states.jsonpath.choice',
    rule: 'Choice rules in JSONPath compare texts, numbers, times and booleans, with values and with paths.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html',
  },
  {
    id: 'states.choice.operators',
    rule: 'Every documented comparison operator of a Choice in JSONPath exists, with its Path form where it has one.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html',
  },
  {
    id: 'states.wait.seconds',
    rule: 'A Wait lasts the Seconds that it names.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html',
  },
  {
    id: 'states.wait.seconds-expression',
    rule: 'A Wait lasts the seconds that an expression gives.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html',
  },
  {
    id: 'states.wait.timestamp',
    rule: 'A Wait lasts until its Timestamp.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html',
  },
  { id: 'states.wait.past', rule: 'A Wait whose timestamp is past ends at once.', source: 'inferred' },
  { id: 'states.wait.output-late', rule: 'A Wait makes its output when it ends.', source: 'inferred' },
  {
    id: 'states.wait.bounds',
    rule: 'A time that is no whole number of seconds up to 99,999,999, or no timestamp, fails the state.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html',
  },
  {
    id: 'states.jsonpath.wait-paths',
    rule: 'Wait takes SecondsPath and TimestampPath, Fail takes ErrorPath and CausePath.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html',
  },
  {
    id: 'states.succeed',
    rule: 'Succeed ends its group of states with its output.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html',
  },
  {
    id: 'states.fail',
    rule: 'Fail ends its group of states with its error and cause, which may be expressions.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html',
  },
  {
    id: 'states.fail.nameless',
    rule: 'Fail may name no error.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html',
  },
  {
    id: 'states.parallel.result-order',
    rule: 'The outputs of a Parallel are in the order of its branches.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html',
  },
  {
    id: 'states.parallel.arguments',
    rule: 'Each branch gets the Arguments, and the Output of the Parallel sees the result.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html',
  },
  {
    id: 'states.parallel.failure-aborts',
    rule: 'A branch that fails ends the others and fails the Parallel with its error.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html',
  },
  {
    id: 'states.parallel.branch-failed',
    rule: 'The failure of any branch is caught as States.BranchFailed.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.parallel.catch',
    rule: 'A Parallel catches the error of a branch.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html',
  },
  {
    id: 'states.parallel.retry',
    rule: 'A Parallel that is retried runs all its branches again.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html',
  },
  {
    id: 'states.parallel.history',
    rule: 'The history says when a Parallel starts, succeeds and exits.',
    source: 'unverified',
  },
  {
    id: 'states.parallel.nested',
    rule: 'What runs in a Parallel inside a branch is ended before the branch.',
    source: 'inferred',
  },
  { id: 'states.parallel.restart', rule: 'A Parallel goes on after a restart.', source: 'inferred' },
  {
    id: 'states.map.items',
    rule: 'A Map runs its processor for each item and gives the outputs in the order of the items.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  {
    id: 'states.map.items-default',
    rule: 'A Map without Items takes its input.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  {
    id: 'states.map.items-array',
    rule: 'Items that are no array fail the Map.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  {
    id: 'states.map.context-item',
    rule: 'ItemSelector and the states inside see index and value of the item in the context object.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html',
  },
  { id: 'states.map.empty', rule: 'A Map of no items gives an empty array.', source: 'inferred' },
  { id: 'states.map.history', rule: 'The history tells each iteration by name and index.', source: 'unverified' },
  {
    id: 'states.map.max-concurrency',
    rule: 'MaxConcurrency iterations run at one time, 40 at most in an inline Map; 0 is no limit of its own.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  {
    id: 'states.map.failure',
    rule: 'An iteration that fails ends the others and fails the Map with its error.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  {
    id: 'states.map.tolerated-failures',
    rule: 'ToleratedFailureCount and ToleratedFailurePercentage let so many iterations fail; beyond them the Map fails with States.ExceedToleratedFailureThreshold.',
    source: 'https://states-language.net/spec.html',
  },
  {
    id: 'states.map.catch',
    rule: 'A Map is retried and caught as a whole.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  { id: 'states.map.restart', rule: 'A Map goes on after a restart, each item once.', source: 'inferred' },
  {
    id: 'states.map.nested',
    rule: 'A Map runs inside a Map, with items of its own.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  {
    id: 'states.map.iterator',
    rule: 'A Map in JSONPath takes Iterator and Parameters, the old names of ItemProcessor and ItemSelector.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
  {
    id: 'states.jsonpath.map',
    rule: 'A Map in JSONPath takes ItemsPath and ItemSelector.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
];
