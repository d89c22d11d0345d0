import type { ActionRecord } from '../records/actions.ts';
import type { RuleStructure } from '../structure/conditions.ts';
import { actionOf, stageOf, type ActionStructure, type Structure } from '../structure/structure.ts';

/** The rule that a record is a run of. */
export function ruleOf(structure: Structure, { stage, condition, action }: ActionRecord): RuleStructure {
  const { beforeEntry, onSuccess, onFailure } = stageOf(structure, stage);
  const declared = { beforeEntry, onSuccess, onFailure: onFailure?.condition };
  const rule = condition && declared[condition]?.rules.find(({ name }) => name === action);
  if (!rule) throw new Error(`stage ${stage} declares no rule ${action}`);
  return rule;
}

/** What a record is a run of, as an action: a rule that opens a job is worked on like an action that invokes a function. */
export function declaredAction(structure: Structure, record: ActionRecord): ActionStructure {
  if (!record.condition) return actionOf(structure, record.stage, record.action);
  const { name, configuration, inputArtifacts, roleArn } = ruleOf(structure, record);
  const type = { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' };
  return {
    name,
    type,
    runOrder: 1,
    configuration,
    inputArtifacts,
    outputArtifacts: [],
    ...(roleArn !== undefined && { roleArn }),
  };
}
