import type { Compatibility } from '../services/compatibility.ts';

/** What Gateway says of itself in docs/compatibility.md. */
export const gatewayCompatibility: Compatibility = {
  id: 'gateway',
  title: 'Gateway',
  scope: 'One port with the protocols of all services.',

  rules: [
    {
      id: 'gateway.bad-input',
      rule: 'A malformed request is refused with an error of its service, in its protocol, and changes nothing.',
      source: 'inferred',
    },
    {
      id: 'gateway.full-disk',
      rule: 'What cannot be stored because the disk is full is refused as ServiceUnavailable, and nothing of it is kept.',
      source: 'inferred',
    },
  ],
};
