import { answerLimits } from '../result.ts';
import type { Operating, ProvisionParameters } from './declaration.ts';
import { expiresAt } from './expiry.ts';
import type { StackSeen } from '../stacks.ts';

/** What the stack's outputs may take of CodePipeline's limit for all variables together. */
const outputsBytes = answerLimits.outputsBytes - 10_000;

/** The action's variables for a stack that stands; outputs that are too large together are left out. */
export function outputsOf(
  stack: StackSeen,
  parameters: ProvisionParameters,
  { changeCount, startedAt }: Pick<Operating, 'changeCount' | 'startedAt'>,
) {
  const json = JSON.stringify(stack.outputs);
  const url = parameters.urlOutput === undefined ? undefined : stack.outputs[parameters.urlOutput];
  const expires = expiresAt(parameters, startedAt);
  return {
    stackId: stack.id,
    stackName: parameters.stackName,
    changeCount: String(changeCount),
    ...(Buffer.byteLength(json) <= outputsBytes && { outputs: json }),
    ...(url !== undefined && { url }),
    ...(expires !== undefined && { expiresAt: expires }),
  };
}
