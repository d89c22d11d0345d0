import type { Rule } from '../../compatibility.ts';

/** Rules of JSONata and JSONPath. */
export const expressionsRules: readonly Rule[] = [
  {
    id: 'states.jsonata.delimiters',
    rule: 'A string is an expression when it begins and ends with the delimiters of JSONata, with no space around them; other strings stay as they are.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.jsonata.states',
    rule: '$states has input and context, result only when a task has succeeded, errorOutput only in a Catch.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.jsonata.undefined',
    rule: 'An expression that gives nothing fails with States.QueryEvaluationError, naming itself, the field and the state.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.jsonata.functions',
    rule: 'JSONata has $partition, $range, $hash, $random, $uuid and $parse of Step Functions, and tells the time of the cloud.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.jsonata.refused',
    rule: 'There is no $eval; arguments out of bounds and results that are functions fail.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.jsonata.version',
    rule: 'The language is JSONata 2.0.6: later operators (?: and ??) are refused when the machine is made.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.jsonata.top-level',
    rule: 'A name that is looked up in no document is refused when the machine is made.',
    source: 'inferred',
  },
  {
    id: 'states.jsonata.documents',
    rule: 'Names inside predicates, maps and groups have a document.',
    source: 'inferred',
  },
  { id: 'states.jsonata.endless', rule: 'An expression that never ends fails.', source: 'inferred' },
  {
    id: 'states.query-language.mixed',
    rule: 'A machine in JSONPath may have states in JSONata.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.query-language.jsonata-only',
    rule: 'A machine in JSONata has no state in JSONPath.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.query-language.default',
    rule: 'Without QueryLanguage a machine is in JSONPath.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  },
  {
    id: 'states.context',
    rule: 'The context object shows the execution, the state machine and the state.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html',
  },
  {
    id: 'states.context.paths',
    rule: 'States in JSONPath read the context object with $$.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html',
  },
  {
    id: 'states.context.retry-count',
    rule: 'The context object counts the retries of a state, and arguments are evaluated again for each.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html',
  },
  {
    id: 'states.jsonpath.order',
    rule: 'InputPath, Parameters, ResultSelector, ResultPath and OutputPath are applied in this order.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html',
  },
  {
    id: 'states.jsonpath.path',
    rule: 'Paths have names, indexes, slices, wildcards, descents and filters, from $, $$ and variables.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html',
  },
  { id: 'states.jsonpath.syntax', rule: 'Texts that are no paths, and scripts, are refused.', source: 'inferred' },
  {
    id: 'states.jsonpath.result-path',
    rule: 'ResultPath makes objects on its way and leaves the rest of the input alone.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html',
  },
  {
    id: 'states.jsonpath.assign',
    rule: 'Assign in JSONPath reads from the result, and later states read variables by $name.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  },
  {
    id: 'states.jsonpath.catch',
    rule: 'A catcher in JSONPath places the error output at its ResultPath.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.jsonpath.errors',
    rule: 'Paths that find nothing, functions that fail and results that fit nowhere have their documented errors.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.jsonpath.check',
    rule: 'Paths, templates and rules are checked when the machine is made.',
    source: 'inferred',
  },
  {
    id: 'states.intrinsics',
    rule: 'Every intrinsic function gives what its documentation shows.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html',
  },
  {
    id: 'states.intrinsics.random',
    rule: 'States.MathRandom keeps to its bounds and its seed, States.UUID gives a version 4 UUID.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html',
  },
  {
    id: 'states.intrinsics.bounds',
    rule: 'Intrinsic functions keep to their documented bounds: 1,000 items, 10,000 characters, 32-bit sums, shallow merges.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html',
  },
  {
    id: 'states.intrinsics.depth',
    rule: 'Ten intrinsic functions may be nested, and no more.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html',
  },
  {
    id: 'states.intrinsics.escapes',
    rule: 'Backslashes escape quotes, braces and themselves in the texts of intrinsic functions.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html',
  },
  {
    id: 'states.intrinsics.unknown',
    rule: 'An intrinsic function that does not exist is refused when the machine is made.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html',
  },
];
