import type { Cron, MonthDay, WeekDay } from './cron.ts';
import { instantOf, localTimeOf, type LocalTime } from './time-zone.ts';

/**
 * The first time after `afterMs` that a cron expression names, on the clocks of `timeZone`. A local time that daylight
 * saving leaves out is skipped, one that it doubles counts once. Undefined when there is none up to 2199.
 */
export function nextCronTime(cron: Cron, afterMs: number, timeZone: string): number | undefined {
  const start = localTimeOf(afterMs, timeZone);
  for (const local of timesFrom(cron, start)) {
    const atMs = instantOf(local, timeZone);
    if (atMs !== undefined && atMs > afterMs) return atMs;
  }
  return undefined;
}

/** Local times from the minute of `start` on, in order. */
function* timesFrom(cron: Cron, start: LocalTime): Generator<LocalTime> {
  for (const day of daysFrom(cron, start)) {
    const isFirstDay = day.year === start.year && day.month === start.month && day.day === start.day;
    const fromMinute = isFirstDay ? start.hour * 60 + start.minute : 0;
    for (const hour of cron.hours) {
      const minutes = cron.minutes.filter((minute) => hour * 60 + minute >= fromMinute);
      for (const minute of minutes) yield { ...day, hour, minute, second: 0 };
    }
  }
}

type Day = Pick<LocalTime, 'year' | 'month' | 'day'>;

function* daysFrom(cron: Cron, start: LocalTime): Generator<Day> {
  for (const year of cron.years.filter((candidate) => candidate >= start.year)) {
    for (const month of cron.months) {
      const days = daysOfMonth(cron, year, month).map((day) => ({ year, month, day }));
      yield* days.filter((day) => compareDays(day, start) >= 0);
    }
  }
}

function compareDays(left: Day, right: Day): number {
  return left.year - right.year || left.month - right.month || left.day - right.day;
}

function daysOfMonth({ days }: Cron, year: number, month: number): number[] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const found =
    days.by === 'month'
      ? days.parts.flatMap((part) => monthDay(part, { year, month, length }))
      : days.parts.flatMap((part) => weekDays(part, { year, month, length }));
  return [...new Set(found)].toSorted((left, right) => left - right);
}

interface Month {
  readonly year: number;
  readonly month: number;
  readonly length: number;
}

function monthDay(part: MonthDay, month: Month): number[] {
  switch (part.kind) {
    case 'last':
      return [month.length];
    case 'last-weekday':
      return [nearestWeekday(month.length, month)];
    case 'weekday':
      return part.day <= month.length ? [nearestWeekday(part.day, month)] : [];
    case 'day':
      return part.day <= month.length ? [part.day] : [];
  }
}

/** The weekday closest to a day, without leaving the month. */
function nearestWeekday(day: number, month: Month): number {
  const weekDay = weekDayOf(day, month);
  if (weekDay === 7) return day > 1 ? day - 1 : day + 2;
  if (weekDay === 1) return day < month.length ? day + 1 : day - 2;
  return day;
}

function weekDays(part: WeekDay, month: Month): number[] {
  const first = 1 + ((part.day - weekDayOf(1, month) + 7) % 7);
  const days: number[] = [];
  for (let day = first; day <= month.length; day += 7) days.push(day);
  if (part.kind === 'every') return days;
  return days.slice(part.kind === 'last' ? -1 : part.n - 1, part.kind === 'last' ? undefined : part.n);
}

/** 1 = Sunday. */
function weekDayOf(day: number, { year, month }: Month): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}
