import type { Surroundings } from '../providers/provider.ts';
import { findImage } from '../records/images.ts';
import type { Engine } from './engine.ts';

/** What stands in here for services that the local cloud does not have. */
export function surroundings({ context, options }: Pick<Engine, 'context' | 'options'>): Surroundings {
  return {
    sourceFolder: (repository) =>
      Object.hasOwn(options.sourceRepositories, repository) ? options.sourceRepositories[repository] : undefined,
    pushedImage: (repository, tag) => findImage(context.store, repository, tag),
  };
}
