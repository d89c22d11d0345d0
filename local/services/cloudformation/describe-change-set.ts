import type { ChangeSetSummary, DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation';
import type { ChangeSet } from './change-sets.ts';
import { pageOf } from './paging.ts';
import { shownParameters } from './parameters.ts';
import { readTemplateBody } from './template-body.ts';

/** A change set as DescribeChangeSet shows it. */
export function describeChangeSet(
  changeSet: ChangeSet,
  { NextToken: from }: { NextToken?: string | undefined },
): DescribeChangeSetOutput {
  const { items, token } = pageOf(changeSet.changes, from);
  const { template } = readTemplateBody(changeSet.template, changeSet.stackName);
  return {
    ...summarizeChangeSet(changeSet),
    Parameters: shownParameters(template, changeSet.parameters),
    NotificationARNs: [...changeSet.notificationArns],
    // Only those that CloudFormation knows have passed the schema.
    Capabilities: [...changeSet.capabilities] as NonNullable<DescribeChangeSetOutput['Capabilities']>,
    Tags: Object.entries(changeSet.tags).map(([Key, Value]) => ({ Key, Value })),
    OnStackFailure: changeSet.onFailure,
    Changes: items,
    ...token,
  };
}

/** A change set as ListChangeSets shows it. */
export function summarizeChangeSet(changeSet: ChangeSet): ChangeSetSummary {
  return {
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    Description: changeSet.description,
    CreationTime: new Date(changeSet.createdAtMs),
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    ExecutionStatus: changeSet.executionStatus,
    IncludeNestedStacks: false,
  };
}
