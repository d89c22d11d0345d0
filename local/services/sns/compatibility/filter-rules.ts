import type { Rule } from '../../compatibility.ts';

const api = 'https://docs.aws.amazon.com/sns/latest/api';
const guide = 'https://docs.aws.amazon.com/sns/latest/dg';

/** What filter policies of subscriptions do. */
export const filterRules: readonly Rule[] = [
  {
    id: 'sns.filter.absent',
    rule: 'exists false matches a key that is not there.',
    source: `${guide}/attribute-key-matching.html`,
  },
  {
    id: 'sns.filter.absent-or-value',
    rule: 'An absent key or a value is asked for by two matchers of one key.',
    source: `${guide}/attribute-key-matching.html`,
  },
  {
    id: 'sns.filter.and',
    rule: 'A policy with several keys wants all of them.',
    source: `${guide}/and-or-logic.html`,
  },
  {
    id: 'sns.filter.anything-but',
    rule: 'anything-but matches a value that is none of those, and not an absent one.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.anything-but-number',
    rule: 'anything-but matches numbers, too.',
    source: `${guide}/numeric-value-matching.html`,
  },
  {
    id: 'sns.filter.anything-but-operator',
    rule: 'anything-but takes values, a prefix or a suffix.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.anything-but-prefix',
    rule: 'anything-but matches texts without a prefix.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.anything-but-suffix',
    rule: 'anything-but matches texts without a suffix.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.array',
    rule: 'A key of a policy holds an array, or an object over the body.',
    source: `${guide}/subscription-filter-policy-constraints.html`,
  },
  {
    id: 'sns.filter.binary-ignored',
    rule: 'Binary attributes are ignored.',
    source: `${guide}/sns-message-attributes.html`,
  },
  {
    id: 'sns.filter.body-array',
    rule: 'A policy over the body matches any object of an array.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  {
    id: 'sns.filter.body-exists-not-null',
    rule: 'exists true does not match null or an empty text in the body.',
    source: 'unverified',
  },
  {
    id: 'sns.filter.body-nested',
    rule: 'A policy over the body looks into nested objects.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  {
    id: 'sns.filter.body-no-json',
    rule: 'A body that is no JSON matches no policy over the body.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  {
    id: 'sns.filter.body-no-object',
    rule: 'A body that is no object matches no policy over the body.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  {
    id: 'sns.filter.body-null',
    rule: 'null of the body matches null.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  {
    id: 'sns.filter.body-number',
    rule: 'Numbers of the body match as numbers, texts do not.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  { id: 'sns.filter.body-or', rule: '$or works at any depth of the body.', source: `${guide}/and-or-logic.html` },
  {
    id: 'sns.filter.cidr',
    rule: 'cidr matches addresses in the range.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.cidr-form',
    rule: 'cidr takes an address with the length of its prefix.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.combinations',
    rule: 'A policy has at most 150 combinations.',
    source: `${guide}/subscription-filter-policy-constraints.html`,
  },
  {
    id: 'sns.filter.combinations-or',
    rule: 'The combinations of a policy are counted with what $or adds and depth multiplies.',
    source: `${guide}/subscription-filter-policy-constraints.html`,
  },
  {
    id: 'sns.filter.count',
    rule: 'A topic has at most 200 policies.',
    source: `${guide}/subscription-filter-policy-constraints.html`,
  },
  { id: 'sns.filter.empty', rule: 'An empty policy matches everything.', source: 'unverified' },
  { id: 'sns.filter.empty-array', rule: 'An empty array is refused.', source: 'unverified' },
  { id: 'sns.filter.empty-object', rule: 'An empty object is refused.', source: 'unverified' },
  {
    id: 'sns.filter.equals-ignore-case',
    rule: 'equals-ignore-case matches in any case.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.exact',
    rule: 'A text matches exactly, one of several or an element of an array of texts.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.exact-literals',
    rule: 'Numbers match by value, true, false and null as themselves, and none of them as texts.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.exists',
    rule: 'exists true matches a key that is there.',
    source: `${guide}/attribute-key-matching.html`,
  },
  {
    id: 'sns.filter.exists-boolean',
    rule: 'exists takes true or false.',
    source: `${guide}/attribute-key-matching.html`,
  },
  { id: 'sns.filter.json', rule: 'A policy is JSON.', source: `${api}/API_Subscribe.html` },
  {
    id: 'sns.filter.key-count',
    rule: 'A policy has at most five keys.',
    source: `${guide}/subscription-filter-policy-constraints.html`,
  },
  {
    id: 'sns.filter.nested',
    rule: 'A policy over attributes is not nested.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  {
    id: 'sns.filter.numeric-equals',
    rule: 'A numeric equality matches numbers of the same value.',
    source: `${guide}/numeric-value-matching.html`,
  },
  { id: 'sns.filter.numeric-member', rule: 'A numeric matcher is not empty.', source: 'unverified' },
  {
    id: 'sns.filter.numeric-operator',
    rule: 'A numeric matcher has the documented operators.',
    source: `${guide}/numeric-value-matching.html`,
  },
  {
    id: 'sns.filter.numeric-order',
    rule: 'The lower bound of a range is below the upper one.',
    source: 'unverified',
  },
  {
    id: 'sns.filter.numeric-range',
    rule: 'A numeric range matches the numbers within it.',
    source: `${guide}/numeric-value-matching.html`,
  },
  {
    id: 'sns.filter.numeric-terms',
    rule: 'A numeric matcher is an equality, or one bound or two.',
    source: `${guide}/numeric-value-matching.html`,
  },
  {
    id: 'sns.filter.numeric-value',
    rule: 'A numeric matcher takes numbers.',
    source: `${guide}/numeric-value-matching.html`,
  },
  {
    id: 'sns.filter.object',
    rule: 'A policy is an object.',
    source: `${guide}/subscription-filter-policy-constraints.html`,
  },
  { id: 'sns.filter.one-operator', rule: 'A matcher has one operator.', source: 'unverified' },
  {
    id: 'sns.filter.operator',
    rule: 'An operator that SNS does not have is refused.',
    source: `${guide}/string-value-matching.html`,
  },
  { id: 'sns.filter.or', rule: '$or takes any of what it offers.', source: `${guide}/and-or-logic.html` },
  { id: 'sns.filter.or-bounded', rule: 'A policy is refused before a $or has multiplied.', source: 'inferred' },
  { id: 'sns.filter.or-is-a-name', rule: '$or is a name when it holds less than two objects.', source: 'unverified' },
  {
    id: 'sns.filter.prefix',
    rule: 'prefix matches the start of a text.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.scope',
    rule: 'The scope is MessageAttributes or MessageBody, and a change that would leave an invalid policy is refused.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  {
    id: 'sns.filter.scope-default',
    rule: 'A policy looks at the message’s attributes if nothing else is set.',
    source: `${guide}/sns-message-filtering-scope.html`,
  },
  {
    id: 'sns.filter.set',
    rule: 'A policy is set, shown with its scope, and ended.',
    source: `${guide}/sns-subscription-filter-policies.html`,
  },
  {
    id: 'sns.filter.size',
    rule: 'A policy is at most 256 KB.',
    source: `${guide}/subscription-filter-policy-constraints.html`,
  },
  {
    id: 'sns.filter.suffix',
    rule: 'suffix matches the end of a text.',
    source: `${guide}/string-value-matching.html`,
  },
  {
    id: 'sns.filter.template',
    rule: 'A template gives a policy as an object.',
    source: `${guide}/sns-subscription-filter-policies.html`,
  },
  { id: 'sns.filter.text', rule: 'prefix and the like take a text.', source: `${guide}/string-value-matching.html` },
  {
    id: 'sns.filter.value',
    rule: 'A matched value is a text, a number, true, false or null.',
    source: `${guide}/subscription-filter-policy-constraints.html`,
  },
  {
    id: 'sns.filter.wildcard',
    rule: 'wildcard matches any characters for each *.',
    source: `${guide}/string-value-matching.html`,
  },
];
