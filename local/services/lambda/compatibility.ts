import type { Compatibility } from '../compatibility.ts';

/** What Lambda says of itself in docs/compatibility.md. */
export const lambdaCompatibility: Compatibility = {
  id: 'lambda',
  title: 'Lambda',
  scope:
    'Functions for Node.js from templates, in worker threads; versions, aliases, concurrency, asynchronous invocation.',
  otherwise: 'functions and their code come from the template',
  resourceTypePrefix: 'AWS::Lambda::',
  rules: [
    { id: 'lambda.alias.lifecycle', rule: 'are made, read, changed, listed and deleted', source: 'unverified' },
    {
      id: 'lambda.alias.revision',
      rule: 'are not changed from another revision than the caller saw',
      source: 'unverified',
    },
    { id: 'lambda.alias.share', rule: 'picks by chance in proportion to the weight', source: 'unverified' },
    { id: 'lambda.alias.template', rule: 'get their weights from a template, too', source: 'unverified' },
    { id: 'lambda.alias.weights', rule: 'send the share of a weight to the second version', source: 'unverified' },
    {
      id: 'lambda.concurrency.shared',
      rule: 'counts the invocations of all versions together, also those that wait',
      source: 'unverified',
    },
    {
      id: 'lambda.concurrency.template',
      rule: 'is the template’s, until its value there changes',
      source: 'unverified',
    },
    {
      id: 'lambda.concurrency.unreserved',
      rule: 'leaves 100 to the functions that reserve none',
      source: 'unverified',
    },
    {
      id: 'lambda.concurrency.zero',
      rule: 'of 0 throttles every invocation, until it is deleted',
      source: 'unverified',
    },
    {
      id: 'lambda.update-code',
      rule: 'leaves UpdateFunctionCode refused by name: code comes from the template',
      source: 'unverified',
    },
    { id: 'lambda.version.list', rule: 'are listed by number after $LATEST, page by page', source: 'unverified' },
    {
      id: 'lambda.version.preconditions',
      rule: 'are not published from other code or another revision than the caller saw',
      source: 'unverified',
    },
    { id: 'lambda.version.publish', rule: 'freeze code and configuration under the next number', source: 'unverified' },
    { id: 'lambda.version.unchanged', rule: 'are not published again while nothing has changed', source: 'unverified' },
  ],
};
