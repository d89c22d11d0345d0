import type { Rule } from '../../compatibility.ts';

/** Rules of errors, retries and limits. */
export const errorsRules: readonly Rule[] = [
  {
    id: 'states.retry.backoff',
    rule: 'A retrier waits IntervalSeconds times BackoffRate for each retry, MaxDelaySeconds at most.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.retry.defaults',
    rule: 'A retrier waits 1 second first, retries 3 times and doubles its interval unless it says otherwise.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.retry.jitter',
    rule: 'JitterStrategy FULL draws each wait from zero to the interval.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.retry.counters',
    rule: 'Each retrier counts on its own, the first that names the error is used, and MaxAttempts 0 never retries.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.retry.each-visit',
    rule: 'Retries are counted anew each time a state is entered.',
    source: 'https://states-language.net/spec.html',
  },
  {
    id: 'states.retry.bounds',
    rule: 'IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds and JitterStrategy have bounds.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.handlers.where',
    rule: 'Task, Parallel and Map have Retry and Catch, other states have none.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.handlers.all-alone',
    rule: 'States.ALL stands alone in its list, and in the last entry.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.catch.replaces',
    rule: 'A catcher without Output or ResultPath replaces the input by the error output.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.catch.output',
    rule: 'A catcher makes output and variables from the error and the input.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.catch.after-retry',
    rule: 'Catchers come after the retries.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.catch.output-failure',
    rule: 'A task whose output cannot be made is caught like one that failed.',
    source: 'inferred',
  },
  {
    id: 'states.catch.own-failure',
    rule: 'A catcher whose own output cannot be made fails the state.',
    source: 'inferred',
  },
  {
    id: 'states.errors.data-limit',
    rule: 'States.DataLimitExceeded is caught by its name and not by States.ALL.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.limits.depth',
    rule: 'A value that is nested too deeply to be read or written fails its state with States.Runtime.',
    source: 'unverified',
  },
  {
    id: 'states.errors.runtime',
    rule: 'States.Runtime is never caught.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.errors.task-failed',
    rule: 'States.TaskFailed stands for every error but States.Timeout.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.timeout.task',
    rule: 'TimeoutSeconds ends a task with States.Timeout, and its late answer changes nothing.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html',
  },
  {
    id: 'states.timeout.heartbeat-smaller',
    rule: 'HeartbeatSeconds is smaller than TimeoutSeconds.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html',
  },
  {
    id: 'states.timeout.machine',
    rule: 'The TimeoutSeconds of a machine end its executions as TIMED_OUT.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  },
  {
    id: 'states.limits.payload',
    rule: 'A result, an output or an input larger than 256 KiB fails with States.DataLimitExceeded.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
  {
    id: 'states.limits.payload-bytes',
    rule: 'The 256 KiB are bytes of UTF-8, and exactly so many pass.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
  {
    id: 'states.limits.definition',
    rule: 'A definition has 1 MB at most.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
  {
    id: 'states.limits.texts',
    rule: 'Errors have 256 characters at most, causes 32,768, descriptions and trace headers 256.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html',
  },
  {
    id: 'states.history.limit',
    rule: 'The 25,000th event of a history ends its execution as FAILED.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
  {
    id: 'states.history.limit-in-map',
    rule: 'Iterations of an inline Map share the 25,000 events of their execution.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  },
];
