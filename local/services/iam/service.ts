import type { OpenService } from '../service-module.ts';
import { openIdentities } from './identities.ts';
import { policyTypes } from './resources/policies.ts';
import { roleType } from './resources/role.ts';

/** IAM as far as templates use it: roles and their policies. Its API is not here. */
export const openIam: OpenService = (context) => {
  const identities = openIdentities(context.store);
  return { identities, resources: [roleType(identities, context), ...policyTypes(identities, context)] };
};
