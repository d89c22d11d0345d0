/** How many functions a run calls. */
export const callCount = 10;

/**
 * 30 states, in the part of the language that both sides know: ten times a Choice, a Pass and a function. Each function
 * writes two items; three of them send a message.
 */
export function workflowDefinition(functionArn: string): object {
  const states = Array.from({ length: callCount }, (_unused, index) => step(index, functionArn));
  return { StartAt: 'Is it due 0', States: Object.assign({}, ...states) as object };
}

/** The names of the states that call the function. */
export function taskNames(): string[] {
  return Array.from({ length: callCount }, (_unused, index) => taskName(index));
}

const taskName = (index: number): string => `Do ${index}`;

function step(index: number, functionArn: string): object {
  const next = index + 1 < callCount ? { Next: `Is it due ${index + 1}` } : { End: true };
  return {
    [`Is it due ${index}`]: {
      Type: 'Choice',
      Choices: [{ Variable: '$.run', StringEquals: '', Next: taskName(index) }],
      Default: `Name it ${index}`,
    },
    [`Name it ${index}`]: { Type: 'Pass', Result: index, ResultPath: '$.step', Next: taskName(index) },
    [taskName(index)]: { Type: 'Task', Resource: functionArn, ResultPath: '$.last', TimeoutSeconds: 60, ...next },
  };
}
