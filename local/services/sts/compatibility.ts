import type { Compatibility } from '../compatibility.ts';

/** What STS says of itself in docs/compatibility.md. */
export const stsCompatibility: Compatibility = {
  id: 'sts',
  title: 'STS',
  scope: 'Who calls.',
  otherwise: 'roles are assumed for functions and services by the cloud itself',

  rules: [
    {
      id: 'sts.caller-identity.role',
      rule: 'GetCallerIdentity tells a function its role and session',
      source: 'unverified',
    },
    {
      id: 'sts.caller-identity.user',
      rule: 'GetCallerIdentity tells the person at the laptop which user it is',
      source: 'unverified',
    },
  ],
};
