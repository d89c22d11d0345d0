import type { CreateCustomActionTypeInput, DeleteCustomActionTypeInput } from '@aws-sdk/client-codepipeline';
import type { JsonObject } from '../../json.ts';
import type { ResourceType } from '../../template/resource.ts';
import { tracedForTemplate } from './engine/api-call-events.ts';
import { actionTypeArn, type Engine } from './engine/engine.ts';
import { createActionType, deleteActionType } from './operations/action-types.ts';
import { findActionType } from './records/action-types.ts';
import { respelled } from './template-declaration.ts';
import { changeTags, tagsOf } from './template-state.ts';

/** `AWS::CodePipeline::CustomActionType`: every change but that of its tags makes another type, which needs another version. */
export function customActionTypeResource(engine: Engine): ResourceType {
  return {
    type: 'AWS::CodePipeline::CustomActionType',
    replacedBy: [
      'Category',
      'ConfigurationProperties',
      'InputArtifactDetails',
      'OutputArtifactDetails',
      'Provider',
      'Settings',
      'Version',
    ],
    create(properties) {
      const definition = definitionOf(properties);
      const { category = '', provider = '', version = '' } = definition;
      const made = {
        physicalId: `${category}/${provider}/${version}`,
        attributes: { Id: `${category}/${provider}/${version}` },
      };
      // After a crash in the middle the type may be there already.
      if (findActionType(engine.context.store, { category, provider, version })?.isDeleted === false) return made;
      tracedForTemplate(engine, 'CreateCustomActionType', definition, () => createActionType(engine, definition));
      return made;
    },
    update(current, properties, { propertiesBefore = {} }) {
      changeTags(engine, actionTypeArn(engine, definitionOf(properties)), {
        before: propertiesBefore,
        after: properties,
      });
      return current;
    },
    delete({ physicalId }) {
      const [category = '', provider = '', version = ''] = physicalId.split('/');
      // Its category was in the definition that has been checked.
      const input = { category, provider, version } as DeleteCustomActionTypeInput;
      tracedForTemplate(engine, 'DeleteCustomActionType', input, () => deleteActionType(engine, input));
    },
  };
}

function definitionOf({ Tags: tags, ...properties }: JsonObject): CreateCustomActionTypeInput {
  const definition = respelled('', properties);
  // CreateCustomActionType checks every member of what comes out.
  return { ...(definition as unknown as CreateCustomActionTypeInput), ...(tags && { tags: tagsOf(tags) }) };
}
