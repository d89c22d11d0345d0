import type { DescribeExecutionOutput, DescribeStateMachineOutput, StartExecutionOutput } from '@aws-sdk/client-sfn';
import { strToU8, zipSync } from 'fflate';
import { readObject, writeArtifact } from './artifact-store.ts';
import { failed, type ActionOutcome, type ActionProvider, type ActionRun, type FailedOutcome } from './provider.ts';
import { serviceFailure } from './service-failure.ts';
import { unpackZip, ZipRefusedError } from './zip.ts';

/** What an artifact that only carries an input may hold. */
const limits = { maxFiles: 20_000, maxBytes: 512 * 1024 * 1024 };

/**
 * Invoke, Step Functions: starts an execution and follows it to its end; a workflow of the type Express is only started.
 * An execution whose action is abandoned or too late goes on (User Guide, "AWS Step Functions invoke action reference").
 */
export const stepFunctionsInvoke: ActionProvider = {
  type: { category: 'Invoke', owner: 'AWS', provider: 'StepFunctions', version: '1' },
  inputs: { min: 0, max: 1 },
  outputs: { min: 0, max: 1 },
  configuration: {
    StateMachineArn: 'required',
    ExecutionNamePrefix: 'optional',
    InputType: 'optional',
    Input: 'optional',
  },
  check({ configuration: { InputType: type = 'Literal', Input: input }, inputArtifacts }) {
    if (type.includes('#{') || type === 'Literal') return undefined;
    if (type !== 'FilePath') return `must set InputType to 'Literal' or 'FilePath', not '${type}'`;
    if (input === undefined) return `must set Input, because InputType is 'FilePath'`;
    return inputArtifacts.length === 1 ? undefined : `must have an input artifact, because InputType is 'FilePath'`;
  },
  timeLimit: () => ({
    ms: 7 * 24 * 60 * 60 * 1000,
    message: 'The state machine execution has not ended within 7 days',
  }),
  start: startExecution,
  look: lookAtExecution,
};

async function startExecution(run: ActionRun): Promise<ActionOutcome> {
  const { StateMachineArn: stateMachineArn = '', ExecutionNamePrefix: prefix } = run.configuration;
  const name = prefix === undefined ? run.actionExecutionId : `${prefix}-${run.actionExecutionId}`;
  try {
    const input = await inputOf(run);
    if (typeof input !== 'string') return input;
    const { type } = await run.call<DescribeStateMachineOutput>('states', 'DescribeStateMachine', { stateMachineArn });
    if (type === 'EXPRESS' && run.outputArtifacts.length > 0) {
      return failed('ConfigurationError', 'An Express state machine has no output for an output artifact');
    }
    const started = await run.call<StartExecutionOutput>('states', 'StartExecution', { stateMachineArn, name, input });
    const { executionArn = '' } = started;
    if (type !== 'EXPRESS') return { kind: 'running', externalExecutionId: executionArn };
    return { kind: 'succeeded', output: { outputVariables: { StateMachineArn: stateMachineArn } } };
  } catch (error) {
    return serviceFailure(error, 'ConfigurationError', `The state machine ${stateMachineArn} cannot be started`);
  }
}

async function inputOf(run: ActionRun): Promise<string | FailedOutcome> {
  const { InputType: type = 'Literal', Input: input = '{}' } = run.configuration;
  if (type === 'Literal') return input;
  const [artifact] = run.inputArtifacts;
  if (!artifact) return failed('ConfigurationError', `InputType '${type}' needs an input artifact`);
  try {
    const { bytes } = await readObject(run, artifact);
    const file = unpackZip(bytes, limits).find(({ path }) => path === input);
    if (file) return new TextDecoder().decode(file.bytes);
    return failed('ConfigurationError', `The artifact ${artifact.name} has no file ${input}`);
  } catch (error) {
    if (!(error instanceof ZipRefusedError)) throw error;
    return failed('ConfigurationError', `The artifact ${artifact.name} is refused: ${error.message}`);
  }
}

async function lookAtExecution(run: ActionRun, executionArn: string): Promise<ActionOutcome | undefined> {
  try {
    const execution = await run.call<DescribeExecutionOutput>('states', 'DescribeExecution', { executionArn });
    const { status, error, cause, output = '{}' } = execution;
    if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return undefined;
    if (status !== 'SUCCEEDED') {
      const why = [error, cause].filter((text) => text !== undefined).join(': ');
      return failed('JobFailed', `The state machine execution ended with the status ${status}${why && `: ${why}`}`);
    }
    const [artifact] = run.outputArtifacts;
    if (artifact) await writeArtifact(run, artifact, zipSync({ 'output.json': strToU8(output) }));
    const outputVariables = { StateMachineArn: execution.stateMachineArn ?? '', ExecutionArn: executionArn };
    return { kind: 'succeeded', output: { outputVariables } };
  } catch (error) {
    return serviceFailure(error, 'ConfigurationError', `The execution ${executionArn} cannot be followed`);
  }
}
