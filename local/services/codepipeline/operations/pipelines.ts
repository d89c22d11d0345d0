import {
  CreatePipelineInput$,
  DeletePipelineInput$,
  GetPipelineInput$,
  ListPipelinesInput$,
  UpdatePipelineInput$,
  type CodePipeline,
  type CreatePipelineInput,
  type DeletePipelineInput,
  type PipelineDeclaration,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import { surroundings } from '../engine/surroundings.ts';
import { cancelExecutions } from '../engine/cancel.ts';
import { pipelineArn, type Engine } from '../engine/engine.ts';
import {
  addPipeline,
  allPipelines,
  findDeclaration,
  findPipeline,
  removePipeline,
  replacePipeline,
} from '../records/pipelines.ts';
import { checkPipeline } from '../structure/check-pipeline.ts';
import { maskDeclaration, restoreSecrets } from '../structure/secrets.ts';
import { pollingDisabledAtMs } from '../triggers/polling-disabled.ts';
import { lookAtSources } from '../triggers/schedule.ts';
import { checkTags } from './check-tags.ts';
import { knownPipeline } from './known.ts';
import { checkPipelineCount } from './limits.ts';
import { cutPage, readPosition } from './paging.ts';

/** Creates, reads, changes and deletes pipelines. */
export function pipelineOperations(engine: Engine): Operations<CodePipeline> {
  return {
    CreatePipeline: (input) => createPipeline(engine, input),
    UpdatePipeline: (input) => ({ pipeline: updatePipeline(engine, input.pipeline) }),
    DeletePipeline: (input) => deletePipeline(engine, input),
    GetPipeline(input) {
      checkInput(GetPipelineInput$, input);
      const { name, version: current, createdMs, updatedMs } = knownPipeline(engine, input.name);
      const pipeline = findDeclaration(engine.context.store, name, input.version ?? current);
      if (!pipeline) {
        throw new AwsError(
          'PipelineVersionNotFoundException',
          `Pipeline '${name}' does not have a version ${input.version}`,
        );
      }
      const disabledAtMs = pollingDisabledAtMs(engine, name);
      const metadata = {
        pipelineArn: pipelineArn(engine, name),
        created: new Date(createdMs),
        updated: new Date(updatedMs),
        ...(disabledAtMs !== undefined && { pollingDisabledAt: new Date(disabledAtMs) }),
      };
      return { pipeline: maskDeclaration(engine.providers, pipeline), metadata };
    },
    ListPipelines(input) {
      checkInput(ListPipelinesInput$, input);
      const after = readPosition(input.nextToken, 'string') ?? '';
      const rest = allPipelines(engine.context.store).filter((pipeline) => pipeline.name > after);
      const { items, nextToken } = cutPage(rest, input.maxResults ?? 1000, (pipeline) => pipeline.name);
      return { pipelines: items.map((pipeline) => summaryOf(engine, pipeline)), ...(nextToken && { nextToken }) };
    },
  };
}

/** Adds a pipeline; see CreatePipeline. */
export function createPipeline(engine: Engine, input: CreatePipelineInput) {
  checkInput(CreatePipelineInput$, input);
  const { store, clock } = engine.context;
  const declaration = checked(engine, input.pipeline);
  const tags = input.tags ?? [];
  checkTags(tags);
  const name = declaration.name ?? '';
  if (findPipeline(store, name)) {
    throw new AwsError(
      'PipelineNameInUseException',
      `A pipeline with the name '${name}' already exists in account '${engine.context.account}'`,
    );
  }
  checkPipelineCount(engine);
  store.transaction(() => {
    addPipeline(store, declaration, { nowMs: clock.nowMs(), tags });
    lookAtSources(engine, name);
  });
  return { pipeline: maskDeclaration(engine.providers, { ...declaration, version: 1 }), tags };
}

/** Makes the next version of a pipeline and cancels what runs under the last one; see UpdatePipeline. */
export function updatePipeline(engine: Engine, given: PipelineDeclaration | undefined): PipelineDeclaration {
  checkInput(UpdatePipelineInput$, { pipeline: given });
  const { store, clock } = engine.context;
  const { name, version } = knownPipeline(engine, given?.name);
  const before = findDeclaration(store, name, version);
  const declaration = checked(engine, given && before && restoreSecrets(engine.providers, given, before));
  store.transaction(() => {
    cancelExecutions(engine, name);
    lookAtSources(engine, name);
    replacePipeline(store, declaration, version + 1, clock.nowMs());
    lookAtSources(engine, name);
  });
  return maskDeclaration(engine.providers, { ...declaration, version: version + 1 });
}

/** Deletes a pipeline with its history; one that does not exist is no error. */
export function deletePipeline(engine: Engine, input: DeletePipelineInput): object {
  checkInput(DeletePipelineInput$, input);
  const { name = '' } = input;
  engine.context.store.transaction(() => {
    cancelExecutions(engine, name);
    lookAtSources(engine, name);
    removePipeline(engine.context.store, name);
  });
  return {};
}

function checked(engine: Engine, given: PipelineDeclaration | undefined): PipelineDeclaration {
  if (!given) throw new AwsError('ValidationException', 'No pipeline is given');
  const { providers, context } = engine;
  return checkPipeline(given, {
    providers,
    region: context.region,
    surroundings: surroundings(engine),
    notRun: engine.options.notRun,
  });
}

function summaryOf(
  { context }: Engine,
  pipeline: { name: string; version: number; createdMs: number; updatedMs: number },
) {
  const { name, version, createdMs, updatedMs } = pipeline;
  const { pipelineType, executionMode } = findDeclaration(context.store, name, version) ?? {};
  return {
    name,
    version,
    ...(pipelineType && { pipelineType }),
    ...(executionMode && { executionMode }),
    created: new Date(createdMs),
    updated: new Date(updatedMs),
  };
}
