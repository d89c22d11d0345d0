import type { SSM } from '@aws-sdk/client-ssm';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';
import { parameterArn, parseName } from './names.ts';

/** What each operation of the parameter store needs. A read below a path needs the path itself. */
export function ssmPermissions(place: Place): PermissionTable<SSM> {
  const parameter = (action: string, name: string | undefined): Permission => ({
    action: `ssm:${action}`,
    resource: parameterArn(place, parseName(name ?? '').name),
  });
  const onName =
    (action: string) =>
    ({ Name: name }: { Name?: string | undefined }) =>
      parameter(action, name);
  const onEach =
    (action: string) =>
    ({ Names: names }: { Names?: string[] | undefined }) =>
      (names ?? []).map((name) => parameter(action, name));
  const onTagged =
    (action: string) =>
    ({ ResourceId: name }: { ResourceId?: string | undefined }) =>
      parameter(action, name);
  return {
    GetParameter: onName('GetParameter'),
    GetParameters: onEach('GetParameters'),
    GetParametersByPath: ({ Path: path = '' }) => ({
      action: 'ssm:GetParametersByPath',
      resource: parameterArn(place, path),
    }),
    GetParameterHistory: onName('GetParameterHistory'),
    DescribeParameters: () => ({ action: 'ssm:DescribeParameters', resource: `${arnPrefix('ssm', place)}*` }),
    PutParameter: onName('PutParameter'),
    DeleteParameter: onName('DeleteParameter'),
    DeleteParameters: onEach('DeleteParameters'),
    ListTagsForResource: onTagged('ListTagsForResource'),
    AddTagsToResource: onTagged('AddTagsToResource'),
    RemoveTagsFromResource: onTagged('RemoveTagsFromResource'),
  };
}
