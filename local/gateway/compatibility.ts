import type { Compatibility } from '../services/compatibility.ts';

const smithy = 'https://smithy.io/2.0/aws/protocols';
const guide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/** What Gateway says of itself in docs/compatibility.md. */
export const gatewayCompatibility: Compatibility = {
  id: 'gateway',
  title: 'Gateway',
  scope: 'One port with the protocols of all services.',

  rules: [
    {
      id: 'gateway.unknown-key',
      rule: 'An access key that the cloud has not given out is refused, with the ones to use.',
      source: 'inferred',
    },
    {
      id: 'gateway.bad-input',
      rule: 'Ten thousand mutated requests over all protocols cause no crash, no hang and no 500, and what is refused changes nothing.',
      source: 'inferred',
    },
    {
      id: 'gateway.too-deep',
      rule: 'A request whose JSON is nested deeper than can be read is refused with a ValidationException.',
      source: 'inferred',
    },
    {
      id: 'gateway.full-disk',
      rule: 'A full disk is said in one sentence to caller and person, and nothing is written by halves.',
      source: 'inferred',
    },
    {
      id: 'gateway.calls',
      rule: 'Every call is recorded with its principal and without its input.',
      source: 'inferred',
    },
    {
      id: 'gateway.handler-error',
      rule: 'A bug in a handler is a 500 without its reason, which is reported to the person.',
      source: 'inferred',
    },
    { id: 'gateway.host', rule: 'Only requests whose Host header is of this machine are served.', source: 'inferred' },
    { id: 'gateway.port-taken', rule: 'A port that is taken is told at start.', source: 'inferred' },
    {
      id: 'gateway.malformed',
      rule: 'A malformed request gets the protocol’s documented error, and changes nothing.',
      source: 'inferred',
    },
    {
      id: 'gateway.not-supported.operation',
      rule: 'An operation without a handler is refused by name with NotImplemented.',
      source: 'inferred',
    },
    {
      id: 'gateway.not-supported.service',
      rule: 'A service that is not there is refused by name, in its own protocol.',
      source: 'inferred',
    },
    {
      id: 'gateway.protocol.json',
      rule: 'The JSON protocols carry dates, documents and modelled errors as the SDK’s classes.',
      source: `${smithy}/aws-json-1_1-protocol.html`,
    },
    {
      id: 'gateway.protocol.query',
      rule: 'The Query protocol reads forms with maps and lists, and answers in XML.',
      source: `${smithy}/aws-query-protocol.html`,
    },
    {
      id: 'gateway.protocol.query-compatible',
      rule: 'SQS’s errors carry the code that they had in the Query protocol.',
      source: `${smithy}/aws-query-protocol.html`,
    },
    {
      id: 'gateway.protocol.rest-json',
      rule: 'REST JSON reads labels, query parameters, headers and bodies.',
      source: `${smithy}/aws-restjson1-protocol.html`,
    },
    {
      id: 'gateway.protocol.rest-xml',
      rule: 'REST XML tells operations on one path apart by query and headers.',
      source: `${smithy}/aws-restxml-protocol.html`,
    },
    {
      id: 'gateway.region',
      rule: 'A request for another region is refused with the name of the cloud’s own.',
      source: 'inferred',
    },
    {
      id: 'gateway.signature',
      rule: 'Requests are signed with version 4, by a key that the cloud has given out; a changed body is refused.',
      source: `${guide}/reference_sigv.html`,
    },
    {
      id: 'gateway.signature.kept',
      rule: 'A principal’s credentials are the same after a restart.',
      source: 'inferred',
    },
    {
      id: 'gateway.signature.role',
      rule: 'Credentials of a role come with their session token, and end when they expire.',
      source: `${guide}/id_credentials_temp_use-resources.html`,
    },
  ],
};
