import { isDeepStrictEqual } from 'node:util';
import type { PipelineDeclaration, Tag } from '@aws-sdk/client-codepipeline';
import { LocalCloudError, notSupportedLocally } from '../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { Provisioned, ResourceType } from '../../template/resource.ts';
import type { Engine } from './engine/engine.ts';
import { createPipeline, deletePipeline, updatePipeline } from './operations/pipelines.ts';
import { startExecution } from './operations/starts.ts';
import { findDeclaration, findPipeline } from './records/pipelines.ts';
import { declarationOf } from './template-declaration.ts';

/** Who starts an execution on a template's behalf. */
const provisioner = 'cloudformation.amazonaws.com';

/** `AWS::CodePipeline::Pipeline`: `Ref` is the name, `Version` the number of the current version. */
export function pipelineResource(engine: Engine): ResourceType {
  return {
    type: 'AWS::CodePipeline::Pipeline',
    replacedBy: ['Name'],
    create(properties, context) {
      const declaration = declarationOf(checkedProperties(properties), context.generateName(100));
      // After a crash in the middle the pipeline may be there already.
      if (findPipeline(engine.context.store, declaration.name ?? '')) return change(engine, declaration);
      createPipeline(engine, { pipeline: declaration, tags: tagsOf(properties['Tags']) });
      if (engine.options.startOnCreate) {
        startExecution(engine, { name: declaration.name }, { type: 'CreatePipeline', detail: provisioner });
      }
      return provisioned(engine, declaration.name);
    },
    update(current, properties) {
      const result = change(engine, declarationOf(checkedProperties(properties), current.physicalId));
      if (properties['RestartExecutionOnUpdate'] === true || properties['RestartExecutionOnUpdate'] === 'true') {
        startExecution(engine, { name: current.physicalId }, { type: 'StartPipelineExecution', detail: provisioner });
      }
      return result;
    },
    delete: (current) => deletePipeline(engine, current.physicalId),
  };
}

/** Makes a new version only if something differs: an unchanged pipeline keeps its running executions. */
function change(engine: Engine, declaration: PipelineDeclaration): Provisioned {
  const current = currentDeclaration(engine, declaration.name);
  if (!current) throw new LocalCloudError(`there is no pipeline ${declaration.name}`);
  const { executionMode, pipelineType, version } = current;
  // What the service filled in at creation stands where the template says nothing.
  const wanted: unknown = { ...declaration, executionMode, pipelineType, version, ...chosenIn(declaration) };
  if (!isDeepStrictEqual(current, wanted)) updatePipeline(engine, declaration);
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

function checkedProperties(properties: JsonObject): JsonObject {
  const disabled = properties['DisableInboundStageTransitions'];
  if (Array.isArray(disabled) && disabled.length > 0) throw notSupportedLocally('DisableInboundStageTransitions');
  return properties;
}

function tagsOf(tags: Json | undefined): Tag[] {
  if (!Array.isArray(tags)) return [];
  return tags.filter(isJsonObject).map((tag) => ({ key: String(tag['Key']), value: String(tag['Value']) }));
}
