import type {
  Condition,
  FailureConditions,
  Result,
  RuleDeclaration,
  StageDeclaration,
  StageRetryMode,
} from '@aws-sdk/client-codepipeline';
import { given } from './given.ts';

/** What is checked before a stage is entered, after it has succeeded and after it has failed. */
export interface StageConditions {
  readonly beforeEntry?: ConditionStructure;
  readonly onSuccess?: ConditionStructure;
  readonly onFailure?: FailureStructure;
}

/** What is done when a stage has failed. */
export interface FailureStructure {
  /** Done unless the condition fails and says otherwise. */
  readonly result?: Result;
  readonly retryMode: StageRetryMode;
  readonly condition?: ConditionStructure;
}

/** Rules that are evaluated together, and what is done when one of them fails. */
export interface ConditionStructure {
  /** Without it a failed condition holds the stage until it is overridden. */
  readonly result?: Result;
  readonly rules: readonly RuleStructure[];
}

/** One rule of a condition. */
export interface RuleStructure {
  readonly name: string;
  readonly type: RuleTypeName;
  /** Unresolved: values may hold `#{namespace.key}`. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputArtifacts: readonly string[];
  readonly roleArn?: string;
  readonly region?: string;
  readonly timeoutInMinutes?: number;
  /** Whether it has shell commands, which only rules that are not run here take. */
  readonly hasCommands: boolean;
}

/** Category, owner, provider and version: what a rule is. */
export interface RuleTypeName {
  readonly category: string;
  readonly owner: string;
  readonly provider: string;
  readonly version: string;
}

/** Reads the conditions of a stage that has passed `checkInput`; a list of conditions has one element. */
export function readConditions(stage: StageDeclaration): StageConditions {
  const beforeEntry = readCondition(stage.beforeEntry?.conditions?.[0]);
  const onSuccess = readCondition(stage.onSuccess?.conditions?.[0]);
  return {
    ...(beforeEntry && { beforeEntry }),
    ...(onSuccess && { onSuccess }),
    ...(stage.onFailure && { onFailure: readFailure(stage.onFailure) }),
  };
}

function readFailure({ result, retryConfiguration, conditions }: FailureConditions): FailureStructure {
  const condition = readCondition(conditions?.[0]);
  return {
    ...(result !== undefined && { result }),
    retryMode: retryConfiguration?.retryMode ?? 'FAILED_ACTIONS',
    ...(condition && { condition }),
  };
}

function readCondition(condition: Condition | undefined): ConditionStructure | undefined {
  if (!condition) return undefined;
  const { result, rules = [] } = condition;
  return { ...(result !== undefined && { result }), rules: rules.map(readRule) };
}

function readRule(rule: RuleDeclaration): RuleStructure {
  const { category, owner = 'AWS', provider, version = '1' } = given(rule.ruleTypeId);
  return {
    name: given(rule.name),
    type: { category: given(category), owner, provider: given(provider), version },
    configuration: rule.configuration ?? {},
    inputArtifacts: (rule.inputArtifacts ?? []).map(({ name }) => given(name)),
    hasCommands: (rule.commands ?? []).length > 0,
    ...(rule.roleArn !== undefined && { roleArn: rule.roleArn }),
    ...(rule.region !== undefined && { region: rule.region }),
    ...(rule.timeoutInMinutes !== undefined && { timeoutInMinutes: rule.timeoutInMinutes }),
  };
}
