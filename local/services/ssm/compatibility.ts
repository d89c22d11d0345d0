import type { Compatibility } from '../compatibility.ts';

/** What Systems Manager says of itself in docs/compatibility.md. */
export const ssmCompatibility: Compatibility = {
  id: 'ssm',
  title: 'Systems Manager',
  scope: 'Parameter Store.',
  otherwise: 'only Parameter Store is here',
  resourceTypePrefix: 'AWS::SSM::',
  rules: [],
};
