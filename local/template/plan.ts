import { isDeepStrictEqual } from 'node:util';
import { LocalCloudError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { orderResources } from './dependencies.ts';
import type { RecordedResource } from './recorded-resource.ts';
import type { ResourceType } from './resource.ts';
import type { TemplateResource } from './template.ts';

/** What has to happen for one stack, decided before anything is touched. */
export interface StackPlan {
  /** Logical ids in the order in which they are created or updated. */
  readonly order: readonly string[];
  /** Recorded resources that the template no longer has, last made first. */
  readonly removed: readonly RecordedResource[];
}

/** What happens to one resource once its properties are known. */
export type Change = 'create' | 'update' | 'replace' | 'unchanged';

/** The resource types of the local cloud by name; `keys` leaves out the names that are made up, `Custom::…`. */
export type ResourceTypes = Pick<ReadonlyMap<string, ResourceType>, 'get' | 'has' | 'keys'>;

/**
 * Compares the resources recorded for a stack with those of its template.
 * @throws LocalCloudError for a cycle, or a type that the local cloud does not have or refuses
 */
export function planStack(
  stackName: string,
  resources: Readonly<Record<string, TemplateResource>>,
  recorded: readonly RecordedResource[],
  types: ResourceTypes,
): StackPlan {
  for (const [logicalId, { Type: type }] of Object.entries(resources)) {
    if (!types.has(type)) throw unknownType(stackName, logicalId, type, types);
    const why = types.get(type)?.refusedBecause;
    if (why === undefined) continue;
    const what = `stack ${stackName}, ${logicalId}: the resource type ${type} is not supported locally`;
    throw new LocalCloudError(`${what}: ${why}`);
  }
  return {
    order: orderResources(stackName, resources),
    removed: recorded.filter(({ logicalId }) => !(logicalId in resources)).toReversed(),
  };
}

/** What a resource will be, as far as the decision needs it. */
export interface DesiredResource {
  readonly type: ResourceType;
  readonly properties: JsonObject;
  /** Where the asset files lie now that it was made from, by `bucket/key`. */
  readonly assets: Readonly<Record<string, string>>;
  /** The cloud's endpoint now: URLs that were given out under another one have to be made anew. */
  readonly endpoint?: string;
}

/** Compares one resource with what is recorded of it. Another type under the same logical id is a replacement. */
export function decideChange(recorded: RecordedResource | undefined, desired: DesiredResource): Change {
  if (!recorded) return 'create';
  if (recorded.type !== desired.type.type) return 'replace';
  const changed = changedProperties(recorded.properties, desired.properties);
  if (changed.some((name) => desired.type.replacedBy?.includes(name))) return 'replace';
  if (changed.length > 0 || !isDeepStrictEqual(recorded.assets, desired.assets)) return 'update';
  if (desired.endpoint !== undefined && namesOtherEndpoint(recorded, desired.endpoint)) return 'update';
  return desired.type.isMade?.(recorded) === false ? 'update' : 'unchanged';
}

function namesOtherEndpoint({ physicalId, attributes }: RecordedResource, endpoint: string): boolean {
  const given = JSON.stringify([physicalId, attributes]).match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
  return given.some((url) => url !== endpoint);
}

function changedProperties(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

function unknownType(stackName: string, logicalId: string, type: string, types: ResourceTypes): LocalCloudError {
  const service = type.split('::').slice(0, 2).join('::');
  const all = [...types.keys()].filter((known) => types.get(known)?.refusedBecause === undefined);
  const near = all.filter((known) => known.startsWith(`${service}::`));
  const supported = near.length > 0 ? near : all;
  return new LocalCloudError(
    `stack ${stackName}, ${logicalId}: the resource type ${type} is not supported locally; ` +
      `supported${near.length > 0 ? ` of ${service}` : ''}: ${supported.toSorted().join(', ')}`,
  );
}
