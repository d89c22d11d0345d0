import type { Compatibility } from '../compatibility.ts';

/** What EventBridge says of itself in docs/compatibility.md. */
export const eventsCompatibility: Compatibility = {
  id: 'events',
  title: 'EventBridge',
  scope: 'Buses, rules, patterns, transformers and targets with retries and dead letters.',
  otherwise: 'archives, connections, API destinations, partners and endpoints in other regions have no local behaviour',
  resourceTypePrefix: 'AWS::Events::',
  rules: [
    {
      id: 'events.index.candidates',
      rule: 'looks at no rule whose rarest exact value the event does not have',
      source: 'unverified',
    },
    { id: 'events.index.equal', rule: 'finds what the plain matcher finds, in the same order', source: 'unverified' },
  ],
};
