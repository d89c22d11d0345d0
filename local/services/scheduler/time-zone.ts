import { Temporal } from 'temporal-polyfill';

/** A time on the clocks of some place. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Whether a name is a time zone of the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** What the clocks of a zone show at an instant. */
export function localTimeOf(ms: number, timeZone: string): LocalTime {
  const { year, month, day, hour, minute, second } =
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  return { year, month, day, hour, minute, second };
}

/** The instant when the clocks of a zone show a time: the first one if they do twice, undefined if they never do. */
export function instantOf(local: LocalTime, timeZone: string): number | undefined {
  if (timeZone === 'UTC') {
    return Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  }
  const plain = Temporal.PlainDateTime.from({ ...local });
  const zoned = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  // In a gap the earlier reading shows another local time.
  return zoned.toPlainDateTime().equals(plain) ? zoned.epochMilliseconds : undefined;
}
