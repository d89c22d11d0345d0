import { guide, reference, rulesOf } from './rules-of.ts';

/** Conditions of stages and their rules. */
export const conditionRules = rulesOf({
  [guide('stage-conditions')]: {
    'conditions.entry-met': 'An execution enters when every rule of the condition succeeds.',
    'conditions.entry-fail': 'One rule that fails makes the condition fail.',
    'conditions.entry-skip': 'The result SKIP skips the stage, and the execution goes on.',
    'conditions.results':
      'Results are FAIL or SKIP before entry, ROLLBACK or FAIL on success, ROLLBACK or RETRY on failure.',
    'conditions.success-fail': 'A failed condition on success fails a stage whose actions have succeeded.',
    'conditions.success-rollback': 'A failed condition on success can roll the stage back.',
    'conditions.failure-rollback': 'A failed condition on failure rolls the stage back.',
  },
  [guide('rule-reference-Commands')]: {
    'conditions.skip-rules': 'A condition with the result SKIP has the rules LambdaInvoke and VariableCheck only.',
  },
  [reference('FailureConditions')]: {
    'conditions.failure-retry': 'A failed condition on failure with the result RETRY retries the stage.',
  },
  [reference('BeforeEntryConditions')]: {
    'conditions.one': 'A stage has one condition of each kind.',
  },
  [reference('Condition')]: {
    'conditions.rule-count': 'A condition has 1 to 5 rules.',
  },
  [reference('ConditionExecution')]: {
    'conditions.statuses': 'A condition is InProgress, Succeeded, Failed, Errored, Cancelled, Abandoned or Overridden.',
  },
  [reference('OverrideStageCondition')]: {
    'conditions.override': 'Conditions before entry and on success can be overridden, those on failure cannot.',
    'conditions.override-latest': 'Only for the latest execution of the stage.',
    'conditions.override-limit': 'Not beyond the limit of open executions.',
  },
  [reference('RuleDeclaration')]: {
    'rules.bounds': 'A rule keeps to its bounds.',
    'rules.timeout': 'A rule fails after the minutes that it names.',
    'rules.own-role': 'A rule works with its own role, which the pipeline’s role assumes.',
    'rules.input-artifacts': 'A rule has the artifacts that it names.',
  },
  [reference('ListRuleExecutions')]: {
    'rules.executions': 'Rule executions are listed with their input, resolved and not, and their result.',
  },
  [reference('ListRuleTypes')]: {
    'rules.types': 'The rule types that run here are listed.',
  },
  [guide('rule-reference-CloudWatchAlarm')]: {
    'rules.alarm': 'CloudWatchAlarm waits for the wanted state of an alarm, up to its wait time in minutes.',
  },
  [guide('rule-reference-DeploymentWindow')]: {
    'rules.deployment-window': 'DeploymentWindow is open in the minutes of its cron expression, in its time zone.',
  },
  [guide('rule-reference-LambdaInvoke')]: {
    'rules.lambda-invoke': 'LambdaInvoke is ended by the answer to a job.',
  },
  [guide('rule-reference-VariableCheck')]: {
    'rules.variable-check': 'VariableCheck compares by EQ, NE, CONTAINS and MATCHES.',
  },
  inferred: {
    'conditions.in-progress': 'A condition is InProgress until every rule has ended.',
    'conditions.failed': 'It is Failed where a rule does not hold.',
    'conditions.errored': 'It is Errored where no rule fails but one could not be evaluated, with the same result.',
    'conditions.cancelled': 'It is Cancelled where the pipeline was changed meanwhile.',
    'conditions.abandoned': 'It is Abandoned where the execution was stopped so.',
    'conditions.held': 'A failed condition without a result holds the stage until it is overridden.',
    'conditions.rule-names': 'The names of a condition’s rules differ.',
    'rules.alarm-unreadable': 'A rule whose alarm cannot be read fails with the reason.',
    'rules.configuration': 'A rule has the keys that its provider knows, and those that it requires.',
    'rules.provider': 'The rules CodeBuild and Commands are refused by name.',
    'rules.regions': 'A rule in another region is refused by name.',
    'rules.references': 'A reference to a rule, #{rule.name}, is refused by name: no page says what it gives.',
  },
});
