import type { CloudFormation, StackResource } from '@aws-sdk/client-cloudformation';
import type { Operations } from '../../gateway/service.ts';
import { stackIdOf } from '../../template/names.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import { validationError } from './errors.ts';
import { pageOf } from './paging.ts';
import { isOfApp } from './requests.ts';

/** Operations that show what happened to the resources of stacks, and what they are now. */
export function resourceOperations(state: CloudFormationState): Operations<CloudFormation> {
  const { stacks, events } = state;
  return {
    DescribeStackEvents(input) {
      const name = input.StackName ?? '';
      const found = isOfApp(name, state) ? [] : events.list(stacks.get(name).id);
      const { items, token } = pageOf(found, input.NextToken);
      return { StackEvents: items, ...token };
    },
    DescribeStackResources(input) {
      const { StackName: name, LogicalResourceId: logicalId, PhysicalResourceId: physicalId } = input;
      if (name === undefined && physicalId === undefined) {
        throw validationError('Either StackName or PhysicalResourceId must be specified');
      }
      const owner = name ?? ownerOf(physicalId ?? '', state);
      const found = resourcesOf(owner, state).filter(
        (resource) => logicalId === undefined || resource.LogicalResourceId === logicalId,
      );
      if (found.length > 0 || logicalId === undefined) return { StackResources: found };
      throw validationError(`Resource ${logicalId} does not exist for stack ${owner}`);
    },
    DescribeStackResource(input) {
      const { StackName: name = '', LogicalResourceId: logicalId = '' } = input;
      const found = resourcesOf(name, state).find(({ LogicalResourceId: known }) => known === logicalId);
      if (!found) throw validationError(`Resource ${logicalId} does not exist for stack ${name}`);
      const { Timestamp: at, ...detail } = found;
      return { StackResourceDetail: { ...detail, LastUpdatedTimestamp: at } };
    },
    ListStackResources(input) {
      const { items, token } = pageOf(resourcesOf(input.StackName ?? '', state), input.NextToken);
      return {
        StackResourceSummaries: items.map(({ Timestamp: at, ...resource }) => ({
          ...resource,
          LastUpdatedTimestamp: at,
        })),
        ...token,
      };
    },
  };
}

/** The resources of a stack: of the app's those that stand, of the API's what their last event says. */
function resourcesOf(nameOrId: string, state: CloudFormationState): StackResource[] {
  const { context, records, openedAtMs, events } = state;
  if (isOfApp(nameOrId, state)) {
    return records.resources(nameOrId).map(({ logicalId, physicalId, type }) => ({
      ...{ StackName: nameOrId, StackId: stackIdOf(nameOrId, context.account, context.region) },
      ...{ LogicalResourceId: logicalId, PhysicalResourceId: physicalId, ResourceType: type },
      ...{ ResourceStatus: 'CREATE_COMPLETE' as const, Timestamp: new Date(openedAtMs) },
    }));
  }
  const stack = state.stacks.get(nameOrId);
  const latest = new Map<string, StackResource>();
  for (const { EventId: _event, ClientRequestToken: _token, ResourceProperties: _properties, ...event } of events.list(
    stack.id,
  )) {
    const { LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId, ...rest } = event;
    if (physicalId === stack.id || latest.has(logicalId)) continue;
    // Of the hooks' members the resource has none.
    latest.set(logicalId, { LogicalResourceId: logicalId, PhysicalResourceId: physicalId, ...rest } as StackResource);
  }
  const isDeleted = stack.deletedAtMs !== undefined;
  return [...latest.values()]
    .filter(({ ResourceStatus: status }) => isDeleted || status !== 'DELETE_COMPLETE')
    .toReversed();
}

function ownerOf(physicalId: string, { records }: CloudFormationState): string {
  const owner = records
    .stackNames()
    .find((name) => records.resources(name).some((resource) => resource.physicalId === physicalId));
  if (owner !== undefined) return owner;
  throw validationError(`Stack for ${physicalId} does not exist`);
}
