import type { Compatibility } from '../compatibility.ts';
import { conditionRules } from './compatibility/conditions.ts';
import { eventRules } from './compatibility/events.ts';
import { executionRules } from './compatibility/executions.ts';
import { features } from './compatibility/features.ts';
import { jobRules } from './compatibility/jobs.ts';
import { providerRules } from './compatibility/providers.ts';
import { structureRules } from './compatibility/structure.ts';
import { operationsNotHere } from './operations/not-here.ts';
import { sourceRules } from './compatibility/sources.ts';

/** What CodePipeline says of itself in docs/compatibility.md. */
export const codePipelineCompatibility: Compatibility = {
  id: 'codepipeline',
  title: 'CodePipeline',
  scope:
    'Pipelines of both types in all three execution modes, with stage conditions, custom actions, retries and rollbacks, ' +
    'in one region. Events of changes of state and of API calls are on the default bus.',
  partly: {
    GetActionType: 'no type of an external provider is registered here, so none is found',
    ListDeployActionExecutionTargets: 'deploy actions that have targets (EC2, EKS) are not run here',
    UpdateActionType: 'no type of an external provider is registered here, so none is found',
  },
  refused: operationsNotHere,
  resourceTypePrefix: 'AWS::CodePipeline::',
  resourceTypes: {
    'AWS::CodePipeline::Webhook': {
      answer: 'no',
      how: 'it starts pipelines whose source is GitHub (version 1), which is not run here',
    },
  },
  features,
  rules: [
    ...structureRules,
    ...executionRules,
    ...conditionRules,
    ...jobRules,
    ...eventRules,
    ...providerRules,
    ...sourceRules,
  ],
};
