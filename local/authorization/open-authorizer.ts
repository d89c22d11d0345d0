import type { ServiceModule } from '../services/service-module.ts';
import { createAuthorizer, type Authorizer } from './authorizer.ts';
import type { Place } from './permission.ts';
import { openResourcePolicies } from './resource-policies.ts';

/** Makes the authorizer of a cloud from what its services say; undefined for a cloud without IAM, where all may do all. */
export function openAuthorizer(
  modules: readonly ServiceModule[],
  { account, region, report }: Place & { report(line: string): void },
): Authorizer | undefined {
  const identities = modules.find((module) => module.identities)?.identities;
  if (!identities) return undefined;
  const byName = new Map(modules.flatMap((module) => (module.api ? [[module.api.name, module] as const] : [])));
  return createAuthorizer({
    place: { account, region },
    identities,
    resourcePolicies: openResourcePolicies((service) => byName.get(service)?.resourcePolicy, report),
    permissionsOf: (service) => byName.get(service)?.permissions,
    report,
  });
}
