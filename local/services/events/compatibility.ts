import type { Compatibility } from '../compatibility.ts';
import { patternRules } from './compatibility/pattern-rules.ts';

const guide = 'https://docs.aws.amazon.com/eventbridge/latest/userguide';
const api = 'https://docs.aws.amazon.com/eventbridge/latest/APIReference';

/** What EventBridge says of itself in docs/compatibility.md. */
export const eventsCompatibility: Compatibility = {
  id: 'events',
  title: 'EventBridge',
  scope: 'Buses, rules, patterns, transformers and targets with retries and dead letters.',
  partly: {
    PutTargets:
      'targets are functions, state machines, pipelines, topics, queues and buses; parameters of other targets are refused',
  },
  refused: [{ operations: ['ListTagsForResource', 'TagResource', 'UntagResource'], why: 'tags are not kept here' }],
  otherwise: 'archives, connections, API destinations, partners and endpoints of several regions are not here',
  resourceTypePrefix: 'AWS::Events::',
  features: [
    {
      title: 'Targets of rules and schedules',
      features: [
        { name: 'Functions, state machines, pipelines, topics, queues, buses of this cloud', answer: 'yes' },
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
          how: 'those of the services that are here; `slipway local event` and `cloud.deliver` put any other',
        },
      ],
    },
  ],
  rules: [
    ...patternRules,
    {
      id: 'events.dead-letter.at-once',
      rule: 'A missing target or permission sends the event to the dead-letter queue at once, with the documented attributes.',
      source: `${guide}/eb-rule-dlq.html`,
    },
    {
      id: 'events.deliver.added',
      rule: 'An event of AWS gets what it leaves out: id, time, account and region.',
      source: 'inferred',
    },
    {
      id: 'events.deliver.limits',
      rule: 'An event is refused that PutEvents would not take: over 1 MB, or a detail of more than 1000 levels.',
      source: 'inferred',
    },
    {
      id: 'events.deliver.refused',
      rule: 'What is no event is refused with the member that is wrong.',
      source: 'inferred',
    },
    { id: 'events.deliver.whole', rule: 'An event that AWS has sent is delivered as it is.', source: 'inferred' },
    {
      id: 'events.index.candidates',
      rule: 'No rule is looked at whose rarest exact value the event does not have.',
      source: 'inferred',
    },
    {
      id: 'events.index.equal',
      rule: 'The index over rules finds what the plain matcher finds, in the same order.',
      source: 'inferred',
    },
    {
      id: 'events.input',
      rule: 'A target gets a constant, a part of the event, or a filled template.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    {
      id: 'events.input.event-variables',
      rule: 'aws.events.event is the event without its detail, aws.events.event.json the whole.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    {
      id: 'events.input.examples',
      rule: 'The examples of the user guide give what it shows.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    {
      id: 'events.input.ingestion-time',
      rule: 'The ingestion time is when EventBridge got the event.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    {
      id: 'events.input.minified',
      rule: 'Filled JSON is minified.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    {
      id: 'events.input.missing-path',
      rule: 'A path that is not there gives nothing inside a text, and an empty text outside.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    { id: 'events.input.object-in-text', rule: 'An object inside a text loses its quotes.', source: 'unverified' },
    {
      id: 'events.input.paths',
      rule: 'Paths take elements of lists and wildcards.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    {
      id: 'events.input.types',
      rule: 'A variable outside a text is its JSON value.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    {
      id: 'events.input.unescaped',
      rule: 'Values inside a text are not escaped: an event that so breaks the template is not delivered.',
      source: `${guide}/eb-transform-target-input.html`,
    },
    { id: 'events.operations', rule: 'Every operation is answered, or refused by its name.', source: 'inferred' },
    {
      id: 'events.put.delivered',
      rule: 'An event goes to each target of each rule that fits, and to no other.',
      source: `${guide}/eb-rules.html`,
    },
    {
      id: 'events.put.entries',
      rule: 'What is wrong with one entry fails that entry alone; sources of AWS are refused.',
      source: `${api}/API_PutEvents.html`,
    },
    {
      id: 'events.put.limits',
      rule: 'A call has 1 to 10 entries, and 1 MB at most.',
      source: `${api}/API_PutEvents.html`,
    },
    {
      id: 'events.put.missing-bus',
      rule: 'An event for a bus that does not exist gets an id and is dropped, which is said.',
      source: 'unverified',
    },
    {
      id: 'events.retry.age',
      rule: 'Retries end with the maximum age of the event.',
      source: `${guide}/eb-rule-event-delivery.html`,
    },
    {
      id: 'events.retry.defaults',
      rule: 'Without a policy retries end within 24 hours and 185 tries.',
      source: `${guide}/eb-rule-event-delivery.html`,
    },
    {
      id: 'events.retry.once',
      rule: 'A state machine that was started before counts as delivered.',
      source: 'inferred',
    },
    {
      id: 'events.retry.policy',
      rule: 'A failed delivery is retried as often as the policy says, then goes to the dead-letter queue.',
      source: `${guide}/eb-rule-event-delivery.html`,
    },
    { id: 'events.retry.restart', rule: 'Retries survive a restart.', source: 'inferred' },
    { id: 'events.rule.delete', rule: 'A rule is deleted only without targets.', source: `${api}/API_DeleteRule.html` },
    {
      id: 'events.rule.disabled',
      rule: 'A disabled rule delivers nothing until it is enabled again.',
      source: `${api}/API_DisableRule.html`,
    },
    {
      id: 'events.rule.refused',
      rule: 'Rules against the documented limits are refused.',
      source: `${api}/API_PutRule.html`,
    },
    { id: 'events.rule.targets', rule: 'A rule has five targets at most.', source: `${guide}/eb-quota.html` },
    {
      id: 'events.schedule.missed',
      rule: 'What was missed while the cloud was off is skipped, which is said.',
      source: 'inferred',
    },
    {
      id: 'events.schedule.rate',
      rule: 'A rule with a rate sends the scheduled event to its own targets.',
      source: `${guide}/eb-create-rule-schedule.html`,
    },
    {
      id: 'events.service.transaction',
      rule: 'Events of services vanish with the change that they tell of.',
      source: 'inferred',
    },
    {
      id: 'events.target.bus',
      rule: 'A bus as target gets the event as it is.',
      source: `${guide}/eb-bus-to-bus.html`,
    },
    {
      id: 'events.target.refused',
      rule: 'Targets against the documented limits are refused, variables in keys among them.',
      source: `${api}/API_PutTargets.html`,
    },
    {
      id: 'events.target.role',
      rule: 'A target with a role is called as that role; a state machine is started once for an event.',
      source: `${guide}/eb-use-resource-based.html`,
    },
    {
      id: 'events.test-pattern',
      rule: 'TestEventPattern wants an event with all its fields.',
      source: `${api}/API_TestEventPattern.html`,
    },
  ],
};
