import type { Compatibility } from '../compatibility.ts';

const api = 'https://docs.aws.amazon.com/STS/latest/APIReference';

/** What STS says of itself in docs/compatibility.md. */
export const stsCompatibility: Compatibility = {
  id: 'sts',
  title: 'STS',
  scope: 'Who calls.',
  refused: [
    {
      operations: ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'],
      why: 'they come without a signature, and are refused as such',
    },
  ],
  otherwise: 'the cloud itself gives roles to functions and services',

  rules: [
    {
      id: 'sts.assume-role.refused',
      rule: 'AssumeRole is refused by name: the cloud itself gives functions and services their roles.',
      source: 'inferred',
    },
    {
      id: 'sts.caller-identity.role',
      rule: 'GetCallerIdentity tells a function its role and session.',
      source: `${api}/API_GetCallerIdentity.html`,
    },
    {
      id: 'sts.caller-identity.user',
      rule: 'GetCallerIdentity tells the person at the laptop which user it is.',
      source: `${api}/API_GetCallerIdentity.html`,
    },
  ],
};
