import { mostTickets, type FoundTickets } from './find-tickets.ts';

/**
 * What was mentioned, or may have been, and was not told: the end of the action's summary, empty if there is nothing.
 * @param of.unread why commits were not read
 * @param of.unchecked why the project was not looked at
 */
export function notTold(of: {
  readonly search: Pick<FoundTickets, 'unknownKeys' | 'leftOut' | 'passedOver'>;
  readonly unread: string | undefined;
  readonly unchecked?: string | undefined;
}): string {
  const { search, unread, unchecked } = of;
  const { unknownKeys, leftOut, passedOver } = search;
  const parts = [
    passedOver.length > 0 && `not looked for: ${passedOver.join(', ')}`,
    unknownKeys.length > 0 && `no tickets: ${unknownKeys.join(', ')}`,
    leftOut.length > 0 && `${leftOut.length} more than ${mostTickets}, not told: ${leftOut.join(', ')}`,
    unread && `commits before the newest were not read, only what executions tell of them: ${unread}`,
    unchecked && `the project could not be checked: ${unchecked}`,
  ];
  return parts.map((part) => (part ? `; ${part}` : '')).join('');
}
