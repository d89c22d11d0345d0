import type { Compatibility } from '../compatibility.ts';
import { expressRules } from './compatibility/express-rules.ts';
import { errorsRules } from './compatibility/errors-rules.ts';
import { executionsRules } from './compatibility/executions-rules.ts';
import { expressionsRules } from './compatibility/expressions-rules.ts';
import { statesFeatures } from './compatibility/features.ts';
import { integrationsRules } from './compatibility/integrations-rules.ts';
import { languageRules } from './compatibility/language-rules.ts';
import { machinesRules } from './compatibility/machines-rules.ts';

/** What Step Functions says of itself in docs/compatibility.md. */
export const statesCompatibility: Compatibility = {
  id: 'states',
  title: 'Step Functions',
  scope: 'Standard and Express state machines, in JSONata and JSONPath.',
  partly: {
    CreateStateMachine: 'customer managed keys are refused, and so is what of the language is below',
    DescribeStateMachine: 'shows the definition also when only metadata is asked for',
    GetExecutionHistory: 'histories are kept for good, not for 90 days',
    ListExecutions: 'not by map run',
    StartExecution: 'an execution may last longer than a year',
    StartSyncExecution:
      'clients of JavaScript outside functions need disableHostPrefix, for no resolver knows the host with the prefix sync- (the AWS CLI and boto3 are told by the printed environment); log groups get nothing',
  },
  refused: [
    {
      operations: ['CreateActivity', 'DeleteActivity', 'DescribeActivity', 'GetActivityTask', 'ListActivities'],
      why: 'activities are polled by workers; use a task token',
    },
    {
      operations: ['DescribeMapRun', 'ListMapRuns', 'UpdateMapRun'],
      why: 'distributed Maps do not run here, so there are no map runs',
    },
    { operations: ['TestState'], why: 'make a machine of the state and start it' },
  ],
  resourceTypePrefix: 'AWS::StepFunctions::',
  features: statesFeatures,
  rules: [
    ...languageRules,
    ...expressionsRules,
    ...errorsRules,
    ...integrationsRules,
    ...executionsRules,
    ...machinesRules,
    ...expressRules,
  ],
};
