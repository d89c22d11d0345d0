import type { Lambda } from '@aws-sdk/client-lambda';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';
import type { FindDocument } from '../../authorization/resource-policies.ts';
import type { FunctionPolicies } from './function-policies.ts';
import { readFunctionReference } from './function-reference.ts';

interface Named {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

/** What each operation of Lambda needs. A qualifier is part of the resource. */
export function lambdaPermissions(place: Place): PermissionTable<Lambda> {
  const on =
    (action: string) =>
    ({ FunctionName: given = '', Qualifier: asked }: Named): Permission => {
      const { name, qualifier } = readFunctionReference(given, asked);
      const suffix = qualifier === undefined ? '' : `:${qualifier}`;
      return { action: `lambda:${action}`, resource: `${arnPrefix('lambda', place)}function:${name}${suffix}` };
    };
  return {
    Invoke: on('InvokeFunction'),
    GetFunction: on('GetFunction'),
    GetFunctionConfiguration: on('GetFunctionConfiguration'),
    ListFunctions: () => ({ action: 'lambda:ListFunctions', resource: '*' }),
    GetPolicy: on('GetPolicy'),
    AddPermission: on('AddPermission'),
    RemovePermission: on('RemovePermission'),
    PublishVersion: on('PublishVersion'),
    ListVersionsByFunction: on('ListVersionsByFunction'),
    CreateAlias: on('CreateAlias'),
    UpdateAlias: on('UpdateAlias'),
    GetAlias: on('GetAlias'),
    ListAliases: on('ListAliases'),
    DeleteAlias: on('DeleteAlias'),
    PutFunctionConcurrency: on('PutFunctionConcurrency'),
    GetFunctionConcurrency: on('GetFunctionConcurrency'),
    DeleteFunctionConcurrency: on('DeleteFunctionConcurrency'),
  };
}

/** The policy that stands on a function, version or alias: what `AWS::Lambda::Permission` has added. */
export function functionPolicyOf(policies: FunctionPolicies): FindDocument {
  return (resource) => {
    if (!resource.includes(':function:')) return undefined;
    const { name, qualifier } = readFunctionReference(resource);
    return policies.policyOf(name, resource, qualifier);
  };
}
