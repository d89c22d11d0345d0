import type { Compatibility } from '../compatibility.ts';

const api = 'https://docs.aws.amazon.com/lambda/latest/api';
const guide = 'https://docs.aws.amazon.com/lambda/latest/dg';

/** What Lambda says of itself in docs/compatibility.md. */
export const lambdaCompatibility: Compatibility = {
  id: 'lambda',
  title: 'Lambda',
  scope:
    'Functions for Node.js from templates, in worker threads; versions, aliases, concurrency, asynchronous invocation.',
  partly: {
    GetFunction: 'without a link to the code',
    Invoke: 'functions for Node.js',
  },
  refused: [
    {
      operations: [
        'AddPermission',
        'CreateFunction',
        'DeleteFunction',
        'DeleteFunctionEventInvokeConfig',
        'GetFunctionEventInvokeConfig',
        'ListFunctionEventInvokeConfigs',
        'ListTags',
        'PutFunctionEventInvokeConfig',
        'RemovePermission',
        'TagResource',
        'UntagResource',
        'UpdateFunctionCode',
        'UpdateFunctionConfiguration',
        'UpdateFunctionEventInvokeConfig',
      ],
      why: 'functions, their code and their settings come from the template',
    },
  ],
  otherwise:
    'layers, event source mappings, function URLs, response streams, code signing, capacity providers and durable executions do not run here',
  resourceTypePrefix: 'AWS::Lambda::',
  resourceTypes: {
    'AWS::Lambda::Function': { answer: 'partly', how: 'Node.js only; images, layers and file systems are refused' },
    'AWS::Lambda::EventSourceMapping': { answer: 'no', how: 'refused by its name' },
    'AWS::Lambda::LayerVersion': {
      answer: 'no',
      how: 'refused by its name, but for those of helpers that are recorded only',
    },
    'AWS::Lambda::Url': { answer: 'no', how: 'refused by its name' },
  },
  rules: [
    { id: 'lambda.alias.conflict', rule: 'An alias is made once under a name.', source: `${api}/API_CreateAlias.html` },
    {
      id: 'lambda.alias.lifecycle',
      rule: 'An alias is made, read, changed, listed and deleted.',
      source: `${guide}/configuration-aliases.html`,
    },
    {
      id: 'lambda.alias.name',
      rule: 'An alias’s name has the documented characters and is no number.',
      source: `${api}/API_CreateAlias.html`,
    },
    {
      id: 'lambda.alias.revision',
      rule: 'An alias is changed only from the revision that the caller names.',
      source: `${api}/API_UpdateAlias.html`,
    },
    {
      id: 'lambda.alias.share',
      rule: 'The version of each invocation is picked by chance, in proportion to the weights.',
      source: `${guide}/configuring-alias-routing.html`,
    },
    {
      id: 'lambda.alias.template',
      rule: 'Weights of an alias come from a template, too.',
      source: `${guide}/configuring-alias-routing.html`,
    },
    {
      id: 'lambda.alias.version',
      rule: 'An alias stands for a version or $LATEST.',
      source: `${api}/API_CreateAlias.html`,
    },
    {
      id: 'lambda.alias.version-there',
      rule: 'An alias stands for a version that exists.',
      source: `${api}/API_CreateAlias.html`,
    },
    {
      id: 'lambda.alias.weight-count',
      rule: 'An alias has at most two versions.',
      source: `${guide}/configuring-alias-routing.html`,
    },
    {
      id: 'lambda.alias.weight-latest',
      rule: 'An alias with weights does not point to $LATEST.',
      source: `${guide}/configuring-alias-routing.html`,
    },
    {
      id: 'lambda.alias.weight-range',
      rule: 'A weight is between 0 and 1.',
      source: `${guide}/configuring-alias-routing.html`,
    },
    {
      id: 'lambda.alias.weight-same',
      rule: 'The second version of an alias is another one than the first.',
      source: `${guide}/configuring-alias-routing.html`,
    },
    {
      id: 'lambda.alias.weight-there',
      rule: 'The second version of an alias exists.',
      source: `${guide}/configuring-alias-routing.html`,
    },
    {
      id: 'lambda.alias.weights',
      rule: 'An alias sends the share of a weight to its second version.',
      source: `${guide}/configuring-alias-routing.html`,
    },
    {
      id: 'lambda.async.at-least-once',
      rule: 'An asynchronous event is answered before it runs, kept durably, and delivered again after a crash.',
      source: `${guide}/invocation-async.html`,
    },
    {
      id: 'lambda.async.configuration',
      rule: 'The number of retries and the age of an event are configured.',
      source: `${guide}/invocation-async-configuring.html`,
    },
    {
      id: 'lambda.async.dead-letter',
      rule: 'A dead-letter topic gets the event itself.',
      source: `${guide}/invocation-async-retain-records.html`,
    },
    {
      id: 'lambda.async.destinations',
      rule: 'Success and failure are told to queues, topics, buses and functions in the documented record, as the function’s role.',
      source: `${guide}/invocation-async-retain-records.html`,
    },
    {
      id: 'lambda.async.retries',
      rule: 'A failed asynchronous invocation is tried again after one minute and after two more, with the same request id.',
      source: `${guide}/invocation-async-error-handling.html`,
    },
    {
      id: 'lambda.async.throttled',
      rule: 'A throttled event is tried again with growing intervals until it is too old.',
      source: `${guide}/invocation-async-error-handling.html`,
    },
    {
      id: 'lambda.concurrency.shared',
      rule: 'Reserved concurrency counts the invocations of all versions together.',
      source: `${guide}/configuration-concurrency.html`,
    },
    {
      id: 'lambda.concurrency.template',
      rule: 'Reserved concurrency is the template’s until its value there changes.',
      source: 'inferred',
    },
    {
      id: 'lambda.concurrency.throttled',
      rule: 'An invocation over the reserved concurrency is refused with TooManyRequestsException.',
      source: `${guide}/configuration-concurrency.html`,
    },
    {
      id: 'lambda.concurrency.unreserved',
      rule: '100 invocations are left to the functions that reserve none.',
      source: `${guide}/configuration-concurrency.html`,
    },
    {
      id: 'lambda.concurrency.zero',
      rule: 'A reserved concurrency of 0 throttles every invocation, until it is deleted.',
      source: `${guide}/configuration-concurrency.html`,
    },
    {
      id: 'lambda.crash-loop',
      rule: 'Functions that exit, fail to load, loop, hang or take all memory, again and again, do not stop the others.',
      source: 'inferred',
    },
    { id: 'lambda.error.exit', rule: 'A process that ends itself is Runtime.ExitError.', source: 'unverified' },
    {
      id: 'lambda.error.initialization',
      rule: 'A handler that cannot be loaded is told by the documented error types.',
      source: `${guide}/lambda-runtime-environment.html`,
    },
    { id: 'lambda.error.isolated', rule: 'A function that fails does not stop another one.', source: 'inferred' },
    {
      id: 'lambda.error.memory',
      rule: 'A function that takes more memory than it has is ended.',
      source: `${guide}/configuration-memory.html`,
    },
    {
      id: 'lambda.error.response-size',
      rule: 'An answer that is no JSON or larger than 6 MB is reported as an error.',
      source: `${guide}/gettingstarted-limits.html`,
    },
    {
      id: 'lambda.error.slow-initialization',
      rule: 'An initialization longer than 10 seconds is tried once more within the function’s time-out.',
      source: `${guide}/lambda-runtime-environment.html`,
    },
    {
      id: 'lambda.error.thrown',
      rule: 'A thrown error is answered with its type, message and trace.',
      source: `${guide}/nodejs-exceptions.html`,
    },
    {
      id: 'lambda.error.timeout',
      rule: 'A function is ended at its time-out, even in a busy loop, and starts cold the next time.',
      source: `${guide}/configuration-timeout.html`,
    },
    { id: 'lambda.error.uncaught', rule: 'An error that nobody catches is reported.', source: 'unverified' },
    {
      id: 'lambda.handler.forms',
      rule: 'Handlers are asynchronous functions or take a callback, in modules of either kind.',
      source: `${guide}/nodejs-handler.html`,
    },
    {
      id: 'lambda.invoke.answer',
      rule: 'A synchronous invocation answers what the handler returns, and null for nothing.',
      source: `${api}/API_Invoke.html`,
    },
    {
      id: 'lambda.invoke.clock',
      rule: 'A handler sees the cloud’s time in Date; its deadline runs on the machine’s.',
      source: 'inferred',
    },
    {
      id: 'lambda.invoke.context',
      rule: 'The handler gets the documented context.',
      source: `${guide}/nodejs-context.html`,
    },
    { id: 'lambda.invoke.dry-run', rule: 'DryRun checks and runs nothing.', source: `${api}/API_Invoke.html` },
    {
      id: 'lambda.invoke.environment',
      rule: 'The handler sees its own and the documented environment variables, and nothing else of the machine.',
      source: `${guide}/configuration-envvars.html`,
    },
    { id: 'lambda.invoke.new-code', rule: 'New code runs in new environments.', source: 'inferred' },
    {
      id: 'lambda.invoke.reference',
      rule: 'A function is named by its name, its ARN, a partial ARN or a qualified ARN.',
      source: `${api}/API_Invoke.html`,
    },
    {
      id: 'lambda.invoke.refused',
      rule: 'A function that is not there, a payload that is no JSON and one that is too large are refused.',
      source: `${api}/API_Invoke.html`,
    },
    {
      id: 'lambda.invoke.warm',
      rule: 'An environment is kept warm between invocations, and runs one of them at a time.',
      source: `${guide}/lambda-runtime-environment.html`,
    },
    {
      id: 'lambda.logs',
      rule: 'What a function prints is in its log in the folder, readable by its owner only.',
      source: 'inferred',
    },
    {
      id: 'lambda.permission.template',
      rule: 'AWS::Lambda::Permission adds a statement to the function’s policy.',
      source: `${api}/API_AddPermission.html`,
    },
    {
      id: 'lambda.template.refused',
      rule: 'Runtimes other than Node.js, images, layers, event source mappings and function URLs are refused by name.',
      source: 'inferred',
    },
    {
      id: 'lambda.update-code',
      rule: 'UpdateFunctionCode is refused by name: code comes from the template.',
      source: 'inferred',
    },
    {
      id: 'lambda.version.list',
      rule: 'Versions are listed after $LATEST by number, page by page.',
      source: `${api}/API_ListVersionsByFunction.html`,
    },
    {
      id: 'lambda.version.preconditions',
      rule: 'A version is published only from the code and revision that the caller names.',
      source: `${api}/API_PublishVersion.html`,
    },
    {
      id: 'lambda.version.publish',
      rule: 'A version freezes code and configuration under the next number.',
      source: `${guide}/configuration-versions.html`,
    },
    {
      id: 'lambda.version.unchanged',
      rule: 'A version is published only if something has changed since the last one.',
      source: `${guide}/configuration-versions.html`,
    },
  ],
};
