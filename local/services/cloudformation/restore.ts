import type { RecordedResource } from '../../template/recorded-resource.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import type { Stack } from './stack.ts';

/**
 * Takes back what an update that failed has replaced or removed: nothing of it is deleted before the update is complete.
 * What took its place is left over instead. What was changed in place is changed back afterwards.
 */
export function restoreResources(
  stack: Stack,
  before: readonly RecordedResource[],
  { records, context }: CloudFormationState,
): void {
  context.store.transaction(() => {
    const now = records.resources(stack.name);
    const left = records.leftovers().filter(({ stackName }) => stackName === stack.name);
    for (const [position, resource] of before.entries()) {
      const current = now.find(({ logicalId }) => logicalId === resource.logicalId);
      if (current && isSame(current, resource)) continue;
      records.save(resource, position, current);
      for (const leftover of left) if (isSame(leftover, resource)) records.dropLeftover(leftover);
    }
  });
}

function isSame(
  one: Pick<RecordedResource, 'type' | 'physicalId' | 'logicalId'>,
  other: Pick<RecordedResource, 'type' | 'physicalId' | 'logicalId'>,
): boolean {
  return one.logicalId === other.logicalId && one.type === other.type && one.physicalId === other.physicalId;
}
