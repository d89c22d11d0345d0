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
  features: [
    {
      title: 'Targets of rules and schedules',
      features: [
        { name: 'Functions, state machines, topics, queues, buses of this cloud', answer: 'yes' },
        { name: 'Other targets', answer: 'no', how: 'refused by name when they are put' },
        { name: 'Retries, dead-letter queues, input paths and transformers', answer: 'yes' },
      ],
    },
    {
      title: 'Events',
      features: [
        { name: 'Patterns: the whole language', answer: 'yes' },
        { name: 'Schedules of rules', answer: 'yes' },
        {
          name: 'Events of AWS services',
          answer: 'partly',
          how: 'those of the services that are here; others are delivered by hand',
        },
      ],
    },
  ],
  rules: [
    {
      id: 'events.index.candidates',
      rule: 'looks at no rule whose rarest exact value the event does not have',
      source: 'unverified',
    },
    { id: 'events.index.equal', rule: 'finds what the plain matcher finds, in the same order', source: 'unverified' },
  ],
};
