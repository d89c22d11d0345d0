import type { ActionDeclaration, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { AwsError, notSupportedLocally } from '../../../errors.ts';
import type { ActionProvider, Count, Surroundings } from '../providers/provider.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { invalidAction } from './refusals.ts';
import type { ActionStructure, Structure } from './structure.ts';

/**
 * Checks each action against its provider: known configuration keys, required ones, counts of artifacts, and the
 * members that only some action types take.
 * @throws AwsError `InvalidActionDeclarationException`, or `NotImplemented` with the name of a provider that is not run here
 */
export function checkActions(
  { stages = [] }: PipelineDeclaration,
  structure: Structure,
  rules: { providers: ProviderRegistry; region: string; surroundings: Surroundings; notRun: readonly string[] },
): void {
  const actions = structure.stages.flatMap((stage) => stage.actions);
  for (const action of actions) {
    if (rules.notRun.includes(action.type.provider)) continue;
    const provider = rules.providers.find(action.type);
    if (!provider || provider.isDeleted) throw unknownProvider(action, rules.region);
    checkConfiguration(action, provider);
    const unavailable = provider.unavailable?.(action, rules.surroundings);
    if (unavailable !== undefined) throw notSupportedLocally(unavailable);
    checkCount(action, 'input', action.inputArtifacts, provider.inputs);
    checkCount(action, 'output', action.outputArtifacts, provider.outputs);
    if (action.timeoutInMinutes !== undefined && action.type.category !== 'Approval') {
      throw invalidAction(
        `Action '${action.name}' has timeoutInMinutes, which is available only to manual approval actions`,
      );
    }
    if (action.region !== undefined && action.region !== rules.region) {
      throw notSupportedLocally(`an action in another region ('${action.name}' in ${action.region})`);
    }
  }
  for (const action of stages.flatMap((stage) => stage.actions ?? [])) {
    if (!rules.notRun.includes(action.actionTypeId?.provider ?? '')) refuseComputeMembers(action);
  }
}

function unknownProvider({ name, type }: ActionStructure, region: string): AwsError {
  const { category, owner, provider, version } = type;
  if (owner === 'Custom') {
    const place = region.toUpperCase().replaceAll('-', '_');
    return invalidAction(
      `ActionType (Category: '${category}', Provider: '${provider}', Owner: 'Custom', Version: '${version}') in action ` +
        `'${name}' is not available in region ${place}`,
    );
  }
  const what = `the action provider ${provider} (Category: '${category}', Owner: '${owner}', Version: '${version}') of action '${name}'`;
  const message = `${what} is not supported locally; "--not-run ${provider}" shows its actions as not run, and goes on behind them`;
  return new AwsError('NotImplemented', message, { httpStatus: 501 });
}

function checkConfiguration(action: ActionStructure, provider: ActionProvider): void {
  const { configuration, name } = action;
  const isRequired = ([key, need]: [string, string]): boolean =>
    need === 'required' && configuration[key] === undefined;
  const [missing] = Object.entries(provider.configuration).find(isRequired) ?? [];
  if (missing !== undefined) {
    throw invalidAction(`Action configuration for action '${name}' is missing required configuration '${missing}'`);
  }
  const unknown = Object.keys(configuration).find((key) => !Object.hasOwn(provider.configuration, key));
  if (unknown !== undefined) {
    throw invalidAction(`Action configuration for action '${name}' contains unknown configuration '${unknown}'`);
  }
  const problem = provider.check?.(action);
  if (problem !== undefined) throw invalidAction(`Action '${name}' ${problem}`);
}

function checkCount({ name }: ActionStructure, which: string, artifacts: readonly string[], { min, max }: Count): void {
  const declares = `Action ${name} declares ${artifacts.length} ${which} artifacts which is`;
  if (artifacts.length < min) throw invalidAction(`${declares} less than the minimum count (${min})`);
  if (artifacts.length > max) throw invalidAction(`${declares} more than the maximum count (${max})`);
}

function refuseComputeMembers(action: ActionDeclaration): void {
  const given = [
    ...(action.commands ? ['commands'] : []),
    ...(action.environmentVariables ? ['environmentVariables'] : []),
    ...(action.outputVariables ? ['outputVariables'] : []),
    ...(action.outputArtifacts?.some((artifact) => artifact.files) ? ['files of an output artifact'] : []),
  ];
  if (given.length === 0) return;
  throw invalidAction(`Action '${action.name}' has ${given.join(', ')}, which only compute and build actions take`);
}
