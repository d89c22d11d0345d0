import type { CreateCustomActionTypeInput, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { pipelineOf } from './fixture.ts';

/** The type of the tests' custom action. */
export const actionTypeId = { category: 'Test', owner: 'Custom', provider: 'Rig', version: '1' } as const;
/** What it is created with. */
export const definition: CreateCustomActionTypeInput = {
  category: 'Test',
  provider: 'Rig',
  version: '1',
  settings: {
    entityUrlTemplate: 'https://rig.test/{Config:Bench}',
    executionUrlTemplate: 'https://rig.test/{Config:Bench}/runs/{ExternalExecutionId}',
    revisionUrlTemplate: 'https://rig.test/setup',
  },
  configurationProperties: [
    { name: 'Bench', required: true, key: true, secret: false, queryable: true, type: 'String' },
    { name: 'Token', required: true, key: false, secret: true },
    { name: 'Rounds', required: false, key: false, secret: false, type: 'Number' },
  ],
  inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
  outputArtifactDetails: { minimumCount: 0, maximumCount: 0 },
};

/** An action of that type. */
export const rigAction = (configuration: Record<string, string> = { Bench: 'blue', Token: 'hush' }) => ({
  name: 'Rig',
  actionTypeId,
  configuration,
});
/** A pipeline `checkout` that has it in its stage `Try`. */
export const rigPipeline = (configuration?: Record<string, string>): PipelineDeclaration =>
  pipelineOf({ Try: [rigAction(configuration)] });
