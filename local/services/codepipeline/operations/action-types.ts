import { isDeepStrictEqual } from 'node:util';
import {
  CreateCustomActionTypeInput$,
  DeleteCustomActionTypeInput$,
  GetActionTypeInput$,
  ListActionTypesInput$,
  UpdateActionTypeInput$,
  type ActionType,
  type ActionTypeIdentifier,
  type CodePipeline,
  type CreateCustomActionTypeInput,
  type DeleteCustomActionTypeInput,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import type { ActionProvider } from '../providers/provider.ts';
import { actionProviders } from '../providers/registry.ts';
import { allActionTypes, findActionType, markActionTypeDeleted, putActionType } from '../records/action-types.ts';
import { checkActionType } from './check-action-type.ts';
import { checkTags } from './check-tags.ts';

/** Custom action types in one Region (User Guide, quotas). */
const maxActionTypes = 50;

/** Creates, lists and deletes action types. */
export function actionTypeOperations(engine: Engine): Operations<CodePipeline> {
  const { store } = engine.context;
  return {
    CreateCustomActionType: (input) => createActionType(engine, input),
    DeleteCustomActionType: (input) => deleteActionType(engine, input),
    ListActionTypes(input) {
      checkInput(ListActionTypesInput$, input);
      if (input.nextToken !== undefined) {
        throw new AwsError(
          'InvalidNextTokenException',
          'The next token is not valid: all types are listed in one call',
        );
      }
      const isHere = input.regionFilter === undefined || input.regionFilter === engine.context.region;
      const custom = isHere ? allActionTypes(store).map(({ definition }) => customType(definition)) : [];
      const types = [...actionProviders.map(builtInType), ...custom];
      const wanted = input.actionOwnerFilter;
      return { actionTypes: types.filter(({ id }) => wanted === undefined || id?.owner === wanted) };
    },
    GetActionType(input) {
      checkInput(GetActionTypeInput$, input);
      throw unknownExternal(input);
    },
    UpdateActionType(input) {
      checkInput(UpdateActionTypeInput$, input);
      throw unknownExternal(input.actionType?.id);
    },
  };
}

/** Only types that AWS has registered for an external provider are told and updated, and there are none here. */
function unknownExternal({ category, owner, provider, version }: Partial<ActionTypeIdentifier> = {}): AwsError {
  const message = `There is no action type ${category}/${owner}/${provider}/${version} of an external provider`;
  return new AwsError('ActionTypeNotFoundException', message);
}

/** Adds a custom action type, or puts back a deleted one that is the same in all; see CreateCustomActionType. */
export function createActionType({ context }: Engine, input: CreateCustomActionTypeInput) {
  checkInput(CreateCustomActionTypeInput$, input);
  const { store } = context;
  checkActionType(input);
  checkTags(input.tags ?? []);
  const { category = '', provider = '', version = '' } = input;
  const known = findActionType(store, { category, provider, version });
  const isRestored = known?.isDeleted === true && isSameType(known.definition, input);
  if (known && !isRestored) {
    const why = known.isDeleted ? 'was used by an action type that is deleted' : 'exists already';
    throw new AwsError(
      'ValidationException',
      `The version '${version}' of the custom action type ${category} ${provider} ${why}; choose one that was never used`,
    );
  }
  if (allActionTypes(store).length >= maxActionTypes) {
    throw new AwsError('LimitExceededException', `There are ${maxActionTypes} custom action types already`);
  }
  store.transaction(() => putActionType(store, input));
  return { actionType: customType(input), tags: input.tags ?? [] };
}

/** Marks a custom action type as deleted: it gives out no jobs, and no further pipeline may have it. */
export function deleteActionType({ context: { store } }: Engine, input: DeleteCustomActionTypeInput): object {
  checkInput(DeleteCustomActionTypeInput$, input);
  const { category = '', provider = '', version = '' } = input;
  store.transaction(() => markActionTypeDeleted(store, { category, provider, version }));
  return {};
}

/** Tags go with a type when it is deleted, and are no part of what must be the same to put it back. */
function isSameType(one: CreateCustomActionTypeInput, other: CreateCustomActionTypeInput): boolean {
  const untagged = ({ tags: _, ...definition }: CreateCustomActionTypeInput): unknown =>
    JSON.parse(JSON.stringify(definition));
  return isDeepStrictEqual(untagged(one), untagged(other));
}

function customType(definition: CreateCustomActionTypeInput): ActionType {
  const { category, provider, version, settings, configurationProperties = [] } = definition;
  const { inputArtifactDetails, outputArtifactDetails } = definition;
  return {
    id: { category, owner: 'Custom', provider, version },
    ...(settings && { settings }),
    actionConfigurationProperties: configurationProperties,
    inputArtifactDetails,
    outputArtifactDetails,
  };
}

function builtInType({ type, configuration, inputs, outputs }: ActionProvider): ActionType {
  return {
    // Providers are named in the words of the API's enumerations.
    id: type as ActionType['id'],
    actionConfigurationProperties: Object.entries(configuration).map(([name, need]) => ({
      name,
      required: need === 'required',
      key: true,
      secret: false,
    })),
    inputArtifactDetails: { minimumCount: inputs.min, maximumCount: inputs.max },
    outputArtifactDetails: { minimumCount: outputs.min, maximumCount: outputs.max },
  };
}
