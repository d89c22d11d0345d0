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
    ListExecutions: 'not by map run',
  },
  otherwise: 'activities, distributed maps and TestState do not run here',
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
