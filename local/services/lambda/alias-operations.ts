import type { AliasConfiguration, Lambda } from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { FunctionAlias } from './function-aliases.ts';
import { checkAlias } from './check-alias.ts';
import { readFunctionReference, resourceNotFound, revisionDiffers } from './function-reference.ts';
import type { FunctionStore } from './function-store.ts';
import { toPage } from './function-pages.ts';

type AliasOperation = 'CreateAlias' | 'UpdateAlias' | 'GetAlias' | 'ListAliases' | 'DeleteAlias';

/** The operations on aliases, with the weights by which one sends a share of its invocations to a second version. */
export function aliasOperations(functions: FunctionStore): Pick<Operations<Lambda>, AliasOperation> {
  const { aliases } = functions;
  const arnOf = (name: string, alias: string): string => `${functions.resolve({ name }).functionArn}:${alias}`;
  const get = (functionName: string, alias: string): FunctionAlias => {
    const { name } = readFunctionReference(functionName);
    const found = aliases.find(name, alias);
    if (!found) throw resourceNotFound(`Cannot find alias arn: ${arnOf(name, alias)}`);
    return found;
  };
  const answer = (alias: FunctionAlias): AliasConfiguration => describe(alias, arnOf(alias.functionName, alias.alias));
  return {
    CreateAlias: ({ FunctionName = '', Name = '', FunctionVersion = '', Description = '', RoutingConfig }) => {
      const { name } = readFunctionReference(FunctionName);
      const AliasArn = arnOf(name, Name);
      if (aliases.find(name, Name)) {
        throw new AwsError('ResourceConflictException', `Alias already exists: ${AliasArn}`, {
          httpStatus: 409,
          members: { Type: 'User' },
        });
      }
      const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
      const made = { functionName: name, alias: Name, version: FunctionVersion, description: Description, weights };
      checkAlias(made, functions);
      return answer(functions.putAlias(made));
    },
    UpdateAlias: ({ FunctionName = '', Name = '', RevisionId, ...changed }) => {
      const known = get(FunctionName, Name);
      if (RevisionId !== undefined && RevisionId !== known.revisionId) throw revisionDiffers('GetAlias');
      const changedTo = {
        ...known,
        version: changed.FunctionVersion ?? known.version,
        description: changed.Description ?? known.description,
        weights: changed.RoutingConfig ? (changed.RoutingConfig.AdditionalVersionWeights ?? {}) : known.weights,
      };
      checkAlias(changedTo, functions);
      return answer(functions.putAlias(changedTo));
    },
    GetAlias: ({ FunctionName = '', Name = '' }) => answer(get(FunctionName, Name)),
    ListAliases: ({ FunctionName = '', FunctionVersion, Marker, MaxItems }) => {
      const { name } = functions.resolve({ name: readFunctionReference(FunctionName).name });
      const wanted = aliases
        .list(name)
        .filter(
          ({ version, weights }) => !FunctionVersion || FunctionVersion === version || FunctionVersion in weights,
        );
      const { page, next } = toPage(wanted, { key: ({ alias }) => alias, marker: Marker, size: MaxItems });
      return { Aliases: page.map(answer), ...next };
    },
    DeleteAlias: ({ FunctionName = '', Name = '' }) => {
      const { name } = functions.resolve({ name: readFunctionReference(FunctionName).name });
      aliases.delete(name, Name);
      return {};
    },
  };
}

function describe(
  { alias, version, description, weights, revisionId }: FunctionAlias,
  arn: string,
): AliasConfiguration {
  return {
    AliasArn: arn,
    Name: alias,
    FunctionVersion: version,
    Description: description,
    RevisionId: revisionId,
    ...(Object.keys(weights).length > 0 && { RoutingConfig: { AdditionalVersionWeights: { ...weights } } }),
  };
}
