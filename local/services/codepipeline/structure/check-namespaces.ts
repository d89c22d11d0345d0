import { notSupportedLocally } from '../../../errors.ts';
import { referencesTo } from '../engine/variables.ts';
import { invalidAction, invalidStructure, repeated } from './refusals.ts';
import type { ActionStructure, StageStructure, Structure } from './structure.ts';

/** Namespaces that the service fills itself. */
const reserved = ['codepipeline', 'variables'];

/**
 * The rules of variables: a namespace is unique in the pipeline, not reserved and no artifact's name; a source action
 * uses no pipeline variable, any other only declared ones; none refers to a rule.
 * @throws AwsError `InvalidStructureException`, `InvalidActionDeclarationException`, or `NotImplemented`
 */
export function checkNamespaces({ stages, variables }: Structure): void {
  const actions = stages.flatMap((stage) => stage.actions);
  const namespaces = actions.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace]));
  const twice = repeated(namespaces);
  if (twice !== undefined) throw invalidStructure(`Namespaces must be unique; '${twice}' is used more than once`);
  const taken = namespaces.find((namespace) => reserved.includes(namespace));
  if (taken !== undefined) throw invalidStructure(`The namespace '${taken}' is reserved`);
  const artifacts = new Set(actions.flatMap((action) => action.outputArtifacts));
  const clash = namespaces.find((namespace) => artifacts.has(namespace));
  if (clash !== undefined) throw invalidStructure(`The namespace '${clash}' is the name of an artifact`);
  const declared = new Set(variables.map((variable) => variable.name));
  for (const action of actions) checkReferences(action, declared);
  if (!namespaces.includes('rule')) refuseRuleReferences(stages);
}

/** `#{rule.name}` is what the CDK writes for a rule; no page says what it gives, so nothing is made up here. */
function refuseRuleReferences(stages: readonly StageStructure[]): void {
  const users = stages.flatMap(({ actions, beforeEntry, onSuccess, onFailure }) => [
    ...actions,
    ...[beforeEntry, onSuccess, onFailure?.condition].flatMap((condition) => condition?.rules ?? []),
  ]);
  for (const { name, configuration } of users) {
    const [used] = Object.values(configuration).flatMap((value) => referencesTo(value, 'rule'));
    if (used === undefined) continue;
    throw notSupportedLocally(
      `a reference to a rule, of which no page says what it gives ('#{rule.${used}}' in '${name}'),`,
    );
  }
}

function checkReferences(action: ActionStructure, declared: ReadonlySet<string>): void {
  const used = Object.values(action.configuration).flatMap((value) => referencesTo(value, 'variables'));
  if (used[0] !== undefined && action.type.category === 'Source') {
    throw invalidAction(
      `Source action '${action.name}' refers to the pipeline variable '${used[0]}'; source actions cannot`,
    );
  }
  const unknown = used.find((name) => !declared.has(name));
  if (unknown === undefined) return;
  throw invalidAction(`Action '${action.name}' refers to the pipeline variable '${unknown}', which is not declared`);
}
