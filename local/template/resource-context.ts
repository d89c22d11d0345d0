import { generateName, stackIdOf, type NameParts } from './names.ts';
import type { ResourceContext } from './resource.ts';

/** What a resource type's functions are told of one resource. */
export function resourceContext(
  resource: Omit<NameParts, 'stackId'>,
  place: { account: string; region: string; stackId?: string },
  assetPath: ResourceContext['assetPath'],
): ResourceContext {
  const { stackName, logicalId } = resource;
  const stackId = place.stackId ?? stackIdOf(stackName, place.account, place.region);
  return {
    logicalId,
    stackName,
    stackId,
    generateName: (maxLength, options) => generateName({ ...resource, stackId }, maxLength, options),
    assetPath,
  };
}
