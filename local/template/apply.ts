import { LocalCloudError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { Store } from '../store/store.ts';
import { assetLocator } from './asset-locator.ts';
import type { Assembly } from './assembly.ts';
import { applyStack, type StackSurroundings } from './apply-stack.ts';
import { planStack, type ResourceTypes } from './plan.ts';
import { dropResource } from './drop-resource.ts';
import type { Outcome } from './outcome.ts';
import { openRecords, type Records } from './records.ts';
import type { Leftover } from './recorded-resource.ts';
import { resourceContext } from './resource-context.ts';
import { naming } from './resource-failure.ts';

/** Where and with what an assembly is applied. */
export type ApplySurroundings = Omit<StackSurroundings, 'records' | 'locate' | 'exported' | 'stackId'> & {
  readonly store: Store;
};

/**
 * Makes the local cloud what the assembly says: creates, updates and replaces in dependency order, then deletes what is
 * no longer there, last made first. Each resource is recorded right after it, so an apply that died goes on where it
 * stopped when it is called again; nothing is rolled back.
 * @throws LocalCloudError naming stack and logical id
 */
export async function applyAssembly(assembly: Assembly, surroundings: ApplySurroundings): Promise<Outcome[]> {
  refuseWhatCannotRun(assembly, surroundings.types);
  const records = openRecords(surroundings.store);
  const locate = assetLocator(assembly.assets, surroundings);
  const apart = new Set(records.apartNames());
  refuseWhatIsApart(assembly, apart);
  const exported = exportsOf(apart, records);
  const outcomes: Outcome[] = [];
  for (const stack of assembly.stacks) {
    const around: StackSurroundings = { ...surroundings, records, locate, exported };
    outcomes.push(...(await applyStack(stack, around)));
  }
  const current = new Set(assembly.stacks.map(({ name }) => name));
  for (const name of records.stackNames().filter((known) => !current.has(known) && !apart.has(known))) {
    outcomes.push(...removeStack(name, records));
  }
  outcomes.push(...(await deleteLeftovers(records, surroundings, ({ stackName }) => !apart.has(stackName))));
  return outcomes;
}

/** A stack that was made through CloudFormation's API is not the app's to change. */
function refuseWhatIsApart(assembly: Assembly, apart: ReadonlySet<string>): void {
  const taken = assembly.stacks.find(({ name }) => apart.has(name));
  if (!taken) return;
  throw new LocalCloudError(
    `stack ${taken.name}: a stack of this name was made through CloudFormation's API; delete it there, or rename the app's`,
  );
}

/** What some stacks export, by name. */
export function exportsOf(stackNames: Iterable<string>, records: Records): Map<string, Json> {
  return new Map([...stackNames].flatMap((name) => Object.entries(records.outputs(name)?.exports ?? {})));
}

/** Before anything is touched. What a condition may leave out is looked at when its stack is applied. */
function refuseWhatCannotRun(assembly: Assembly, types: ResourceTypes): void {
  for (const { name, template } of assembly.stacks) {
    const certain = Object.entries(template.Resources).filter(([, { Condition: condition }]) => !condition);
    planStack(name, Object.fromEntries(certain), [], types);
  }
}

function removeStack(stackName: string, records: Records): Outcome[] {
  const kept = records.resources(stackName).flatMap((resource) => dropResource(resource, records));
  records.dropStack(stackName);
  return kept;
}

/**
 * Deletes what is left over, last made first.
 * @throws LocalCloudError naming what could not be deleted; it stays left over
 */
export async function deleteLeftovers(
  records: Records,
  surroundings: Omit<StackSurroundings, 'records' | 'locate' | 'exported'>,
  isWanted: (leftover: Leftover) => boolean,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const leftover of records.leftovers().filter(isWanted)) {
    const { stackName, logicalId, type, physicalId } = leftover;
    const progress = { logicalId, type, physicalId, change: 'delete' as const };
    const resourceType = surroundings.types.get(type);
    // A resource that another stack or the replacement took over under the same physical id lives on.
    if (resourceType && !isTakenOver(leftover, records)) {
      const context = resourceContext(leftover, surroundings, () => missingAsset());
      surroundings.onProgress?.({ ...progress, isDone: false });
      await naming(leftover, () => resourceType.delete(leftover, leftover.properties, context));
      surroundings.onProgress?.({ ...progress, isDone: true });
      outcomes.push({ stackName, logicalId, type, did: 'delete', recordedOnly: resourceType.recordedOnly ?? false });
    }
    records.dropLeftover(leftover);
  }
  return outcomes;
}

function isTakenOver(leftover: Leftover, records: Records): boolean {
  return records
    .stackNames()
    .flatMap((name) => records.resources(name))
    .some(({ type, physicalId }) => type === leftover.type && physicalId === leftover.physicalId);
}

function missingAsset(): never {
  throw new Error('deleting a resource needs no asset');
}
