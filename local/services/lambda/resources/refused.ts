import { notSupportedLocally } from '../../../errors.ts';
import type { ResourceType } from '../../../template/resource.ts';

/** A type that would silently do nothing, so it is refused by its name. */
export function refusedResource(type: string): ResourceType {
  const refuse = (): never => {
    throw notSupportedLocally(type);
  };
  return { type, create: refuse, update: refuse, delete: () => undefined };
}
