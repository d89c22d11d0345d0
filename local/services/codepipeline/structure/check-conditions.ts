import type { Result } from '@aws-sdk/client-codepipeline';
import { notSupportedLocally } from '../../../errors.ts';
import { ruleProvider } from '../rules/registry.ts';
import type { ConditionStructure, RuleStructure } from './conditions.ts';
import { invalidStage, repeated } from './refusals.ts';
import type { StageStructure, Structure } from './structure.ts';

/**
 * The rules of stage conditions (User Guide, "Configure conditions for a stage"): which results each kind may have, and
 * where a stage cannot be rolled back.
 * @throws AwsError `InvalidStageDeclarationException`
 */
export function checkConditions({ stages, executionMode }: Structure, region: string): void {
  for (const [index, stage] of stages.entries()) {
    checkResult(stage, 'onFailure', stage.onFailure?.result, ['ROLLBACK', 'RETRY']);
    checkCondition(stage, 'beforeEntry', stage.beforeEntry, ['FAIL', 'SKIP']);
    checkCondition(stage, 'onSuccess', stage.onSuccess, ['ROLLBACK', 'FAIL']);
    checkCondition(stage, 'onFailure', stage.onFailure?.condition, ['ROLLBACK', 'RETRY']);
    checkRules(stage, region);
    checkSkip(stage);
    if (!isRolledBack(stage)) continue;
    if (executionMode === 'PARALLEL') {
      throw invalidStage(
        `Stage '${stage.name}' has the result ROLLBACK, which the execution mode PARALLEL does not have`,
      );
    }
    if (index === 0) throw invalidStage(`Stage '${stage.name}' is the source stage, which cannot be rolled back`);
  }
}

function isRolledBack({ onSuccess, onFailure }: StageStructure): boolean {
  return [onSuccess?.result, onFailure?.result, onFailure?.condition?.result].includes('ROLLBACK');
}

function checkCondition(
  stage: StageStructure,
  kind: string,
  condition: ConditionStructure | undefined,
  allowed: Result[],
): void {
  if (!condition) return;
  checkResult(stage, kind, condition.result, allowed);
  const twice = repeated(condition.rules.map((rule) => rule.name));
  if (twice === undefined) return;
  throw invalidStage(`Rule names must be unique in a condition; '${twice}' is used more than once in '${stage.name}'`);
}

/** Rules that a condition before entry with the result SKIP may have (User Guide, "Commands rule", note). */
const skipping = ['LambdaInvoke', 'VariableCheck'];

function checkSkip({ name, beforeEntry }: StageStructure): void {
  if (beforeEntry?.result !== 'SKIP') return;
  const rule = beforeEntry.rules.find(({ type }) => !skipping.includes(type.provider));
  if (!rule) return;
  const allowed = skipping.join(', ');
  throw invalidStage(
    `Stage '${name}' has the result SKIP with a rule of the provider ${rule.type.provider}; allowed: ${allowed}`,
  );
}

function checkRules({ beforeEntry, onSuccess, onFailure }: StageStructure, region: string): void {
  for (const condition of [beforeEntry, onSuccess, onFailure?.condition]) {
    for (const rule of condition?.rules ?? []) checkRule(rule, region);
  }
}

function checkRule({ name, type, configuration, region: own, hasCommands }: RuleStructure, region: string): void {
  const provider = ruleProvider(type);
  if (!provider) throw notSupportedLocally(`the rule provider ${type.provider} of rule '${name}'`);
  if (own !== undefined && own !== region) throw notSupportedLocally(`a rule in another region ('${name}' in ${own})`);
  if (hasCommands) throw invalidStage(`Rule '${name}' has commands, which only the provider Commands takes`);
  const known = Object.entries(provider.configuration);
  const missing = known.find(([key, need]) => need === 'required' && configuration[key] === undefined);
  if (missing) throw invalidStage(`Rule '${name}' is missing the required configuration '${missing[0]}'`);
  const unknown = Object.keys(configuration).find((key) => !Object.hasOwn(provider.configuration, key));
  if (unknown !== undefined) throw invalidStage(`Rule '${name}' has the unknown configuration '${unknown}'`);
  const problem = provider.check?.(configuration);
  if (problem !== undefined) throw invalidStage(`Rule '${name}' ${problem}`);
}

function checkResult({ name }: StageStructure, kind: string, result: Result | undefined, allowed: Result[]): void {
  if (result === undefined || allowed.includes(result)) return;
  throw invalidStage(`Stage '${name}' has the ${kind} result ${result}; allowed: ${allowed.join(', ')}`);
}
