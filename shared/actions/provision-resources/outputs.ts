import { answerLimits } from '../result.ts';
import type { Operating, ProvisionParameters } from './declaration.ts';
import { expiresAt } from './expiry.ts';
import type { StackSeen } from '../gateways/stacks.ts';

/** What the stack's outputs may take of CodePipeline's limit for all variables together. */
const outputsBytes = answerLimits.outputsBytes - 10_000;

/** The action's variables for a stack that stands; the JSON of all outputs is left out if it is too large beside the others. */
export function outputsOf(
  stack: StackSeen,
  parameters: ProvisionParameters,
  { changeCount, startedAt }: Pick<Operating, 'changeCount' | 'startedAt'>,
): Record<string, string> {
  const { stackName, urlOutput, outputVariables } = parameters;
  const json = JSON.stringify(stack.outputs);
  const url = urlOutput === undefined ? undefined : stack.outputs[urlOutput];
  const expires = expiresAt(parameters, startedAt);
  const chosen = Object.fromEntries(outputVariables.map((name) => [name, stack.outputs[name] ?? '']));
  const sizeBytes = Buffer.byteLength(json) + Buffer.byteLength(JSON.stringify(chosen));
  return {
    ...chosen,
    ...{ stackId: stack.id, stackName, changeCount: String(changeCount) },
    ...(sizeBytes <= outputsBytes && { outputs: json }),
    ...(url !== undefined && { url }),
    ...(expires !== undefined && { expiresAt: expires }),
  };
}

/** What is wrong if the stack has not every output that is asked for; a later action could not be filled in. */
export function missingOutput({ outputs }: StackSeen, { outputVariables }: ProvisionParameters): string | undefined {
  const missing = outputVariables.find((name) => outputs[name] === undefined);
  if (missing === undefined) return undefined;
  const there = Object.keys(outputs).join(', ') || 'none';
  return `it has no output ${missing}; it has: ${there}; mend outputVariables or the template, the stack itself stands`;
}
