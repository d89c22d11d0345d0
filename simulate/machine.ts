/**
 * A workflow that meets a kill in many ways: in a function, in a wait, between the items of a map, while its token is
 * with somebody else, before and after a write. No task is retried: a kill fails none.
 */
export function machineDefinition(workerArn: string, tokensUrl: string, table: string): object {
  const call = (step: string) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: workerArn, Payload: { piece: `{% $states.context.Execution.Name & '/${step}' %}` } },
    TimeoutSeconds: 60,
  });
  return {
    QueryLanguage: 'JSONata',
    StartAt: 'Call',
    States: {
      Call: { ...call('first'), Next: 'Wait and call' },
      'Wait and call': {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 1, End: true } } },
          { StartAt: 'Each', States: { Each: { ...eachItem(call('each')), End: true } } },
        ],
        Next: 'Ask',
      },
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: { QueueUrl: tokensUrl, MessageBody: '{% $states.context.Task.Token %}' },
        TimeoutSeconds: 120,
        Next: 'Write',
      },
      Write: {
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:putItem',
        Arguments: { TableName: table, Item: { pk: { S: "{% 'written/' & $states.context.Execution.Name %}" } } },
        TimeoutSeconds: 60,
        End: true,
      },
    },
  };
}

function eachItem(call: object): object {
  return {
    Type: 'Map',
    Items: [1, 2, 3],
    MaxConcurrency: 2,
    ItemProcessor: { StartAt: 'Call for it', States: { 'Call for it': { ...call, End: true } } },
  };
}
