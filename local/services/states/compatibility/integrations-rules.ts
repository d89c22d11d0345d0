import type { Rule } from '../../compatibility.ts';

/** Rules of tasks and what they call. */
export const integrationsRules: readonly Rule[] = [
  {
    id: 'states.task.role',
    rule: "Calls are made as the machine's role, in a session named after the execution.",
    source: 'inferred',
  },
  {
    id: 'states.task.arguments',
    rule: 'A task without Arguments passes its input on, and without Output gives its result.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html',
  },
  {
    id: 'states.task.output',
    rule: 'The Output of a task sees its result and its input.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html',
  },
  {
    id: 'states.task.not-local',
    rule: 'A call that the local cloud lacks ends the execution with States.Runtime, which nothing hides.',
    source: 'inferred',
  },
  { id: 'states.task.no-secrets', rule: 'No task token and no argument stands in a cause.', source: 'inferred' },
  {
    id: 'states.lambda.arn',
    rule: 'A function by its own ARN gets the arguments as its event, and its answer is the result.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html',
  },
  {
    id: 'states.lambda.arn-no-token',
    rule: 'A function by its own ARN has no task token.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html',
  },
  {
    id: 'states.lambda.invoke',
    rule: 'lambda:invoke sends the Payload and gives the answer as Payload, beside StatusCode and ExecutedVersion.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html',
  },
  { id: 'states.lambda.fields', rule: 'lambda:invoke refuses fields that Invoke does not have.', source: 'inferred' },
  {
    id: 'states.lambda.errors',
    rule: "Lambda's own refusals are named Lambda.<Exception>, and Lambda.AWSLambdaException where the API names none.",
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.lambda.unknown',
    rule: 'A function that ran out of time or memory fails with Lambda.Unknown.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.lambda.client-error',
    rule: 'A call that broke fails with Lambda.SdkClientException.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.aws-sdk.members',
    rule: 'aws-sdk tasks take and give members in PascalCase.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html',
  },
  {
    id: 'states.aws-sdk.values',
    rule: 'aws-sdk tasks translate dates and leave the keys of maps alone.',
    source: 'inferred',
  },
  {
    id: 'states.aws-sdk.attribute-values',
    rule: 'Attribute values of DynamoDB pass as they are.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html',
  },
  { id: 'states.aws-sdk.bodies', rule: 'The body of an S3 object is text in a task.', source: 'inferred' },
  {
    id: 'states.aws-sdk.errors',
    rule: 'Errors of aws-sdk tasks are named <Service>.<Name>Exception.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html',
  },
  {
    id: 'states.aws-sdk.history',
    rule: 'The history names the service and the action of a task.',
    source: 'unverified',
  },
  {
    id: 'states.aws-sdk.recognized',
    rule: 'Actions of aws-sdk resources are in camelCase and exist, or the definition is refused.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html',
  },
  {
    id: 'states.dynamodb.operations',
    rule: 'dynamodb: has getItem, putItem, updateItem and deleteItem, without a task token.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html',
  },
  {
    id: 'states.dynamodb.errors',
    rule: 'Errors of dynamodb: tasks begin with DynamoDB.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html',
  },
  {
    id: 'states.events.put-events',
    rule: 'events:putEvents takes details as JSON and names the machine and the execution as resources.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html',
  },
  {
    id: 'states.events.failed-entry',
    rule: 'One entry that fails fails the task with EventBridge.FailedEntry.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html',
  },
  {
    id: 'states.sns.publish',
    rule: 'sns:publish sends a message of JSON as its text.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html',
  },
  {
    id: 'states.sqs.send-message',
    rule: 'sqs:sendMessage sends a body of JSON as its text.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html',
  },
  {
    id: 'states.start-execution',
    rule: 'states:startExecution starts another machine and does not wait for it.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
  },
  {
    id: 'states.start-execution.errors',
    rule: 'Errors of states:startExecution begin with StepFunctions.',
    source: 'unverified',
  },
  {
    id: 'states.nested.sync',
    rule: '.sync gives the output of the execution as a text, .sync:2 as JSON.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
  },
  {
    id: 'states.nested.failure',
    rule: 'An execution that fails fails the waiting task with States.TaskFailed and its description as cause.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
  },
  {
    id: 'states.nested.stop',
    rule: 'Stopping an execution stops those that its tasks wait for.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
  },
  {
    id: 'states.nested.timeout',
    rule: 'A task that runs out of time stops the execution that it waits for.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
  },
  {
    id: 'states.nested.stopped-child',
    rule: 'Stopping the awaited execution fails the task.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
  },
  { id: 'states.nested.restart', rule: 'An execution is waited for across a restart.', source: 'inferred' },
  {
    id: 'states.nested.token',
    rule: 'A child execution may answer by the task token.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
  },
  {
    id: 'states.token.success',
    rule: 'A task waits until its token comes back with a result.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html',
  },
  { id: 'states.token.early', rule: 'A result that comes before the call was answered counts.', source: 'inferred' },
  {
    id: 'states.token.early-failure',
    rule: 'A result that comes before a call which then fails counts.',
    source: 'inferred',
  },
  {
    id: 'states.token.failure',
    rule: 'SendTaskFailure fails the task with its error and cause.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html',
  },
  { id: 'states.token.call-failure', rule: 'A task whose call fails does not wait for its token.', source: 'inferred' },
  {
    id: 'states.token.retry',
    rule: 'Each retry has a new token, and the old one is refused.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html',
  },
  {
    id: 'states.token.heartbeat',
    rule: 'A task whose heartbeat stays away fails with States.Timeout.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html',
  },
  {
    id: 'states.token.whole-time',
    rule: 'Heartbeats do not lengthen TimeoutSeconds.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskHeartbeat.html',
  },
  {
    id: 'states.token.heartbeat-timeout',
    rule: 'Retry and Catch may name a missed heartbeat States.HeartbeatTimeout.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  },
  {
    id: 'states.token.refused',
    rule: 'Texts that are no token and tokens of nobody are refused with InvalidToken and TaskDoesNotExist.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html',
  },
  {
    id: 'states.token.over',
    rule: 'An answer to a task that is over is refused with TaskTimedOut, one that is no JSON with InvalidOutput.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html',
  },
  {
    id: 'states.token.hashed',
    rule: 'Tokens are kept as hashes, and stand in no other place than AWS shows them.',
    source: 'inferred',
  },
  {
    id: 'states.token.length',
    rule: 'A task token has 2,048 characters at most.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html',
  },
];
