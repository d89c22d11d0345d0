import type { Compatibility } from '../services/compatibility.ts';

/** What Clock says of itself in docs/compatibility.md. */
export const clockCompatibility: Compatibility = {
  id: 'clock',
  title: 'Clock',
  scope: 'The time of the cloud: real, or virtual and moved on by hand.',

  rules: [
    { id: 'clock.behind', rule: 'A machine whose time is behind the folder’s is told so.', source: 'inferred' },
    {
      id: 'clock.duration',
      rule: 'Time is moved on by milliseconds or a text such as 24h or 1h 30m.',
      source: 'inferred',
    },
    {
      id: 'clock.duration-refused',
      rule: 'A duration that cannot be read is refused with the units that there are.',
      source: 'inferred',
    },
    {
      id: 'clock.held',
      rule: 'A request holds virtual and scaled time, except while it waits on service time.',
      source: 'inferred',
    },
    {
      id: 'clock.virtual.kept',
      rule: 'Virtual time goes on at the next start from where it stood.',
      source: 'inferred',
    },
  ],
};
