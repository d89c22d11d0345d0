import type { Rule } from '../../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/eventbridge/latest/userguide';

/** What the language of patterns claims. */
export const patternRules: readonly Rule[] = [
  {
    id: 'events.pattern.all-fields',
    rule: 'All fields of a pattern must fit.',
    source: `${guide}/eb-event-patterns.html`,
  },
  {
    id: 'events.pattern.anything-but',
    rule: 'anything-but fits every other value of a field that is there.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  {
    id: 'events.pattern.anything-but-array',
    rule: 'anything-but fits an array with one element that is not excluded.',
    source: 'inferred',
  },
  {
    id: 'events.pattern.anything-but-number',
    rule: 'anything-but of numbers fits any text.',
    source: 'https://github.com/aws/event-ruler',
  },
  {
    id: 'events.pattern.anything-but-operator',
    rule: 'anything-but takes prefix, suffix, equals-ignore-case and wildcard, of one text or a list.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  { id: 'events.pattern.arn', rule: 'ARNs fit exactly.', source: `${guide}/eb-event-patterns.html` },
  {
    id: 'events.pattern.array',
    rule: 'An array fits if one of its elements does.',
    source: `${guide}/eb-event-patterns.html`,
  },
  {
    id: 'events.pattern.array-elements',
    rule: 'Two fields below one array fit only in the same element of it.',
    source: 'https://github.com/aws/event-ruler',
  },
  {
    id: 'events.pattern.boolean',
    rule: 'true and false fit themselves, and no text.',
    source: `${guide}/eb-event-patterns.html`,
  },
  {
    id: 'events.pattern.cidr',
    rule: 'cidr fits addresses of IPv4 and IPv6.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  {
    id: 'events.pattern.dots',
    rule: 'A name with dots is the same as nested names.',
    source: 'https://github.com/aws/event-ruler',
  },
  {
    id: 'events.pattern.duplicate-key',
    rule: 'Of two fields of one name the last counts.',
    source: `${guide}/eb-event-patterns.html`,
  },
  {
    id: 'events.pattern.equals-ignore-case',
    rule: 'equals-ignore-case fits texts in any case.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  {
    id: 'events.pattern.exact',
    rule: 'A listed value fits, in its own case.',
    source: `${guide}/eb-event-patterns.html`,
  },
  {
    id: 'events.pattern.exists',
    rule: 'exists asks for leaves: false also fits an object or an empty array.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  {
    id: 'events.pattern.nesting',
    rule: 'A pattern is nested as the event is.',
    source: `${guide}/eb-event-patterns.html`,
  },
  {
    id: 'events.pattern.null',
    rule: 'null fits null, not absence and not an empty text.',
    source: `${guide}/eb-event-patterns.html`,
  },
  {
    id: 'events.pattern.number',
    rule: 'A number fits the same number however it is written, and no text.',
    source: 'https://github.com/aws/event-ruler',
  },
  {
    id: 'events.pattern.numeric',
    rule: 'numeric compares JSON numbers, with one bound or two.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  {
    id: 'events.pattern.or',
    rule: '$or at any level fits if one of its objects does.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  {
    id: 'events.pattern.or-ordinary',
    rule: '$or that holds less than two objects, or a reserved name, is an ordinary field.',
    source: 'https://github.com/aws/event-ruler',
  },
  {
    id: 'events.pattern.prefix',
    rule: 'prefix fits texts, in any case if asked.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  {
    id: 'events.pattern.refused',
    rule: 'A pattern that EventBridge refuses is refused in its words, more than 1,000 combinations of $or too.',
    source: 'https://github.com/aws/event-ruler',
  },
  {
    id: 'events.pattern.suffix',
    rule: 'suffix fits texts, in any case if asked.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
  {
    id: 'events.pattern.wildcard',
    rule: 'wildcard fits any characters at each star, an escaped star for itself.',
    source: `${guide}/eb-create-pattern-operators.html`,
  },
];
