import type { RuleTypeName } from '../structure/conditions.ts';
import { cloudWatchAlarm } from './cloud-watch-alarm.ts';
import { deploymentWindow } from './deployment-window.ts';
import { lambdaInvokeRule } from './lambda-invoke.ts';
import type { RuleProvider } from './rule.ts';
import { variableCheck } from './variable-check.ts';

/** Every rule that runs locally. */
export const ruleProviders: readonly RuleProvider[] = [
  cloudWatchAlarm,
  deploymentWindow,
  lambdaInvokeRule,
  variableCheck,
];

/** The provider of a rule type, if it runs locally. */
export function ruleProvider({ owner, provider, version }: RuleTypeName): RuleProvider | undefined {
  return ruleProviders.find(
    ({ type }) => type.owner === owner && type.provider === provider && type.version === version,
  );
}
