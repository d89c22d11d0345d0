import type { Compatibility } from '../services/compatibility.ts';

/** What Gateway says of itself in docs/compatibility.md. */
export const gatewayCompatibility: Compatibility = {
  id: 'gateway',
  title: 'Gateway',
  scope: 'One port with the protocols of all services.',

  rules: [],
};
