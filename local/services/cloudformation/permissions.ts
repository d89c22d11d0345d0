import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';

interface Named {
  readonly StackName?: string | undefined;
  readonly ChangeSetName?: string | undefined;
}

/** What each operation of CloudFormation needs; `stackIdOf` tells the stack of a change set that is named by its ARN. */
export function cloudFormationPermissions(
  place: Place,
  stackIdOf: (changeSetArn: string) => string | undefined,
): PermissionTable<CloudFormation> {
  const stack = (name: string): string =>
    name.startsWith('arn:') ? name : `${arnPrefix('cloudformation', place)}stack/${name}/*`;
  const anywhere = (action: string) => (): Permission => ({ action: `cloudformation:${action}`, resource: '*' });
  const onStack =
    (action: string) =>
    ({ StackName: name, ChangeSetName: changeSet = '' }: Named): Permission => {
      const named = name ?? (changeSet.startsWith('arn:') ? stackIdOf(changeSet) : undefined);
      return { action: `cloudformation:${action}`, resource: named === undefined ? '*' : stack(named) };
    };
  return {
    CreateChangeSet: onStack('CreateChangeSet'),
    DescribeChangeSet: onStack('DescribeChangeSet'),
    ExecuteChangeSet: onStack('ExecuteChangeSet'),
    DeleteChangeSet: onStack('DeleteChangeSet'),
    ListChangeSets: onStack('ListChangeSets'),
    CreateStack: onStack('CreateStack'),
    UpdateStack: onStack('UpdateStack'),
    DeleteStack: onStack('DeleteStack'),
    UpdateTerminationProtection: onStack('UpdateTerminationProtection'),
    DescribeStacks: onStack('DescribeStacks'),
    DescribeStackEvents: onStack('DescribeStackEvents'),
    DescribeStackResource: onStack('DescribeStackResource'),
    DescribeStackResources: onStack('DescribeStackResources'),
    ListStackResources: onStack('ListStackResources'),
    GetTemplate: onStack('GetTemplate'),
    GetTemplateSummary: onStack('GetTemplateSummary'),
    ListStacks: anywhere('ListStacks'),
    ListExports: anywhere('ListExports'),
    ValidateTemplate: anywhere('ValidateTemplate'),
  };
}
