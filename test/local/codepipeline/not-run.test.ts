import type { ActionDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  create,
  deployAction,
  execution,
  pipelineCloud,
  pipelineOf,
  putSource,
  refusal,
  start,
  state,
  told,
} from './fixture.ts';

const buildAction = (changes: Partial<ActionDeclaration> = {}): ActionDeclaration => ({
  name: 'Compile',
  actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' },
  configuration: { ProjectName: 'shop' },
  inputArtifacts: [{ name: 'SourceArtifact' }],
  ...changes,
});

let cloud: TestCloud;
const open = async (notRun: string[]) => {
  cloud = await pipelineCloud({ notRun });
  await putSource(cloud, { a: 'a' });
};
afterEach(() => cloud.close());

it('[codepipeline.provider.refused] refuses a provider that is not run here at creation, by name', async () => {
  await open([]);
  expect(await refusal(create(cloud, pipelineOf({ Build: [buildAction()] })))).toMatch(/NotImplemented.*CodeBuild/);
});

it('[codepipeline.provider.not-run] shows an action as not run locally, never as succeeded, and the stage goes on', async () => {
  await open(['CodeBuild']);
  await create(cloud, pipelineOf({ Build: [buildAction()], Deploy: [deployAction()] }));
  const id = await start(cloud);
  const compile = await action(cloud, id, 'Compile');
  expect(compile.status).toBeUndefined();
  expect(compile.output?.executionResult?.externalExecutionSummary).toBe('not run locally');
  const shown = (await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.latestExecution;
  expect(shown).toMatchObject({ summary: 'not run locally' });
  expect(shown?.status).toBeUndefined();
  expect(await action(cloud, id, 'Upload')).toMatchObject({ status: 'Succeeded' });
  expect(await execution(cloud, id)).toMatchObject({
    status: 'Succeeded',
    statusSummary: 'not run locally: Build/Compile',
  });
  expect(told(cloud.delivered).filter((line) => line.includes('Compile'))).toEqual([]);
  expect(cloud.reported).toContain('pipeline checkout: Succeeded, but not run locally: Build/Compile');
});

it('[codepipeline.provider.not-run-artifact] fails an action whose input artifact was therefore not made', async () => {
  await open(['CodeBuild']);
  const built = buildAction({ outputArtifacts: [{ name: 'Built' }] });
  await create(cloud, pipelineOf({ Build: [built], Deploy: [deployAction({ inputArtifacts: [{ name: 'Built' }] })] }));
  const id = await start(cloud);
  expect((await action(cloud, id, 'Upload')).output?.executionResult?.errorDetails?.message).toMatch(
    /input artifact Built.*not run locally/,
  );
});
