import type { Compatibility } from '../services/compatibility.ts';

/** What Clock says of itself in docs/compatibility.md. */
export const clockCompatibility: Compatibility = {
  id: 'clock',
  title: 'Clock',
  scope: 'The time of the cloud: real, or virtual and moved on by hand.',

  rules: [
    { id: 'clock.duration', rule: 'reads %j', source: 'unverified' },
    { id: 'clock.duration-refused', rule: 'refuses %j and names the units', source: 'unverified' },
  ],
};
