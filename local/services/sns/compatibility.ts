import type { Compatibility } from '../compatibility.ts';

/** What SNS says of itself in docs/compatibility.md. */
export const snsCompatibility: Compatibility = {
  id: 'sns',
  title: 'SNS',
  scope: 'Standard topics with filters, to functions, queues and HTTP endpoints.',
  otherwise: 'telephones, mobile push and sandboxes have no local behaviour',
  resourceTypePrefix: 'AWS::SNS::',
  rules: [
    { id: 'sns.filter.and', rule: 'wants every key', source: 'unverified' },
    { id: 'sns.filter.combinations-or', rule: 'adds what $or offers, and multiplies by depth', source: 'unverified' },
    { id: 'sns.filter.count', rule: 'is refused past 200 of a topic', source: 'unverified' },
    { id: 'sns.filter.or', rule: 'takes any of what $or offers', source: 'unverified' },
    { id: 'sns.filter.or-bounded', rule: 'is refused before a $or has multiplied', source: 'unverified' },
    {
      id: 'sns.filter.or-is-a-name',
      rule: 'takes $or for a name when it holds less than two objects',
      source: 'unverified',
    },
    {
      id: 'sns.filter.scope',
      rule: 'is also one of an unknown scope, and one that a change of scope would leave',
      source: 'unverified',
    },
    { id: 'sns.filter.scope-default', rule: 'looks at attributes if nothing else is set', source: 'unverified' },
    { id: 'sns.filter.set', rule: 'is set, shown with its scope, and ended', source: 'unverified' },
    { id: 'sns.filter.template', rule: 'comes from a template as an object', source: 'unverified' },
  ],
};
