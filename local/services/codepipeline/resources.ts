import { isDeepStrictEqual } from 'node:util';
import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { LocalCloudError } from '../../errors.ts';
import type { Provisioned, ResourceType } from '../../template/resource.ts';
import { templateService, tracedForTemplate } from './engine/api-call-events.ts';
import { pipelineArn, type Engine } from './engine/engine.ts';
import { createPipeline, deletePipeline, updatePipeline } from './operations/pipelines.ts';
import { startExecution } from './operations/starts.ts';
import { findDeclaration, findPipeline } from './records/pipelines.ts';
import { declarationOf } from './template-declaration.ts';
import { changeTags, disableTransitions, tagsOf } from './template-state.ts';

/** `AWS::CodePipeline::Pipeline`: `Ref` is the name, `Version` the number of the current version. */
export function pipelineResource(engine: Engine): ResourceType {
  return {
    type: 'AWS::CodePipeline::Pipeline',
    replacedBy: ['Name'],
    create(properties, context) {
      const declaration = declarationOf(properties, context.generateName(100));
      // After a crash in the middle the pipeline may be there already.
      if (findPipeline(engine.context.store, declaration.name ?? '')) return change(engine, declaration);
      const input = { pipeline: declaration, tags: tagsOf(properties['Tags']) };
      tracedForTemplate(engine, 'CreatePipeline', input, () => createPipeline(engine, input));
      disableTransitions(engine, declaration.name ?? '', { after: properties });
      if (engine.options.startOnCreate) {
        startExecution(engine, { name: declaration.name }, { type: 'CreatePipeline', detail: templateService });
      }
      return provisioned(engine, declaration.name);
    },
    update(current, properties, { propertiesBefore = {} }) {
      const result = change(engine, declarationOf(properties, current.physicalId));
      changeTags(engine, pipelineArn(engine, current.physicalId), { before: propertiesBefore, after: properties });
      disableTransitions(engine, current.physicalId, { before: propertiesBefore, after: properties });
      if (properties['RestartExecutionOnUpdate'] === true || properties['RestartExecutionOnUpdate'] === 'true') {
        startExecution(
          engine,
          { name: current.physicalId },
          { type: 'StartPipelineExecution', detail: templateService },
        );
      }
      return result;
    },
    delete({ physicalId: name }) {
      tracedForTemplate(engine, 'DeletePipeline', { name }, () => deletePipeline(engine, { name }));
    },
  };
}

/** Makes a new version only if something differs: an unchanged pipeline keeps its running executions. */
function change(engine: Engine, declaration: PipelineDeclaration): Provisioned {
  const current = currentDeclaration(engine, declaration.name);
  if (!current) throw new LocalCloudError(`there is no pipeline ${declaration.name}`);
  const { executionMode, pipelineType, version } = current;
  // What the service filled in at creation stands where the template says nothing.
  const wanted: unknown = { ...declaration, executionMode, pipelineType, version, ...chosenIn(declaration) };
  if (!isDeepStrictEqual(current, wanted)) {
    const input = { pipeline: declaration };
    tracedForTemplate(engine, 'UpdatePipeline', input, () => ({ pipeline: updatePipeline(engine, declaration) }));
  }
  return provisioned(engine, declaration.name);
}

function currentDeclaration({ context }: Engine, name = ''): PipelineDeclaration | undefined {
  const version = findPipeline(context.store, name)?.version;
  return version === undefined ? undefined : findDeclaration(context.store, name, version);
}

function chosenIn({ executionMode, pipelineType }: PipelineDeclaration): Partial<PipelineDeclaration> {
  return { ...(executionMode && { executionMode }), ...(pipelineType && { pipelineType }) };
}

function provisioned({ context }: Engine, name = ''): Provisioned {
  const version = findPipeline(context.store, name)?.version ?? 1;
  return { physicalId: name, attributes: { Version: String(version) } };
}
