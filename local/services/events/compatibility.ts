import type { Compatibility } from '../compatibility.ts';

/** What EventBridge says of itself in docs/compatibility.md. */
export const eventsCompatibility: Compatibility = {
  id: 'events',
  title: 'EventBridge',
  scope: 'Buses, rules, patterns, transformers and targets with retries and dead letters.',
  partly: {
    PutTargets:
      'targets are functions, state machines, topics, queues and buses; parameters of other targets are refused',
  },
  refused: [{ operations: ['ListTagsForResource', 'TagResource', 'UntagResource'], why: 'tags are not kept here' }],
  otherwise: 'archives, connections, API destinations, partners and endpoints of several regions are not here',
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
