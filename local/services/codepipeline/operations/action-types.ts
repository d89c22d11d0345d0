import { isDeepStrictEqual } from 'node:util';
import {
  CreateCustomActionTypeInput$,
  DeleteCustomActionTypeInput$,
  GetActionTypeInput$,
  ListActionTypesInput$,
  type ActionType,
  type CodePipeline,
  type CreateCustomActionTypeInput,
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
    CreateCustomActionType(input) {
      checkInput(CreateCustomActionTypeInput$, input);
      return createActionType(engine, input);
    },
    DeleteCustomActionType(input) {
      checkInput(DeleteCustomActionTypeInput$, input);
      const { category = '', provider = '', version = '' } = input;
      store.transaction(() => markActionTypeDeleted(store, { category, provider, version }));
      return {};
    },
    ListActionTypes(input) {
      checkInput(ListActionTypesInput$, input);
      const isHere = input.regionFilter === undefined || input.regionFilter === engine.context.region;
      const custom = isHere ? allActionTypes(store).map(({ definition }) => customType(definition)) : [];
      const types = [...actionProviders.map(builtInType), ...custom];
      const wanted = input.actionOwnerFilter;
      return { actionTypes: types.filter(({ id }) => wanted === undefined || id?.owner === wanted) };
    },
    // Only action types that a provider has published with UpdateActionType are told, and there are none here.
    GetActionType(input) {
      checkInput(GetActionTypeInput$, input);
      const { category, owner, provider, version } = input;
      const message = `There is no action type ${category}/${owner}/${provider}/${version} of an external provider`;
      throw new AwsError('ActionTypeNotFoundException', message);
    },
  };
}

/** Adds a custom action type, or puts back a deleted one that is the same in all; see CreateCustomActionType. */
export function createActionType({ context }: Engine, input: CreateCustomActionTypeInput) {
  const { store } = context;
  checkActionType(input);
  checkTags(input.tags ?? []);
  const { category = '', provider = '', version = '' } = input;
  const known = findActionType(store, { category, provider, version });
  const isRestored =
    known?.isDeleted === true && isDeepStrictEqual(known.definition, JSON.parse(JSON.stringify(input)));
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
